-- A server no longer to sweep against.
begin;
set local role natsweep_owner;

create function natsweep.drop_vantage(name text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  delete from natsweep.vantage v where v.name = drop_vantage.name;
  if not found then
    raise exception 'there is no vantage "%"', name using errcode = 'no_data_found';
  end if;
  perform natsweep.note('drop_vantage', null, jsonb_build_object('vantage', name));
end
$$;

comment on function natsweep.drop_vantage(text) is 'Removes a vantage.';
grant execute on function natsweep.drop_vantage(text) to natsweep_admin;

commit;
