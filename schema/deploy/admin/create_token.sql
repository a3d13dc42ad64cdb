-- A new enrolment token.
begin;
set local role natsweep_owner;

create function natsweep.create_token(customer text, site text, token_hash bytea, uses integer default 1,
    lifetime interval default '7 days', needs_approval boolean default false)
  returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  customer_id constant bigint := natsweep.find_customer(customer);
  site_id constant bigint := case when site is not null then natsweep.find_site(customer, site) end;
  id bigint;
begin
  if uses is null or uses not between 1 and 100000 then
    raise exception 'a token can be used 1 to 100000 times, not %', uses using errcode = 'invalid_parameter_value';
  end if;
  if lifetime is null or lifetime <= interval '0' or lifetime > interval '366 days' then
    raise exception 'a token lives up to 366 days, not "%"', lifetime using errcode = 'invalid_parameter_value';
  end if;
  insert into natsweep.enroll_token (token_hash, customer_id, site_id, uses_left, expires_at, needs_approval)
  values (create_token.token_hash, customer_id, site_id, uses, now() + lifetime, create_token.needs_approval)
  returning token_id into id;
  perform natsweep.note('create_token', array[customer_id],
    jsonb_build_object('token_id', id, 'customer', customer, 'site', site, 'uses', uses, 'lifetime', lifetime,
      'needs_approval', needs_approval));
  return id;
end
$$;

comment on function natsweep.create_token(text, text, bytea, integer, interval, boolean) is
  'Stores the SHA-256 of a token''s secret bytes. Site null: each agent makes a site named after its host.';
grant execute on function natsweep.create_token(text, text, bytea, integer, interval, boolean) to natsweep_operator;

commit;
