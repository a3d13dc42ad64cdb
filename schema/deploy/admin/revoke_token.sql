-- Makes a token useless.
begin;
set local role natsweep_owner;

create function natsweep.revoke_token(token_id bigint) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  token natsweep.enroll_token;
begin
  update natsweep.enroll_token t
  set uses_left = 0
  where t.token_id = revoke_token.token_id and natsweep.may_see_customer(t.customer_id)
  returning t.* into token;
  if token.token_id is null then
    raise exception 'there is no token %', token_id using errcode = 'no_data_found';
  end if;
  perform natsweep.note('revoke_token', array[token.customer_id], jsonb_build_object('token_id', token_id));
end
$$;

comment on function natsweep.revoke_token(bigint) is
  'Lets no more agents enrol with a token. Agents that did stay; revoke_agent() shuts them out.';
grant execute on function natsweep.revoke_token(bigint) to natsweep_operator;

commit;
