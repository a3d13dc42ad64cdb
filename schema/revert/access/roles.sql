begin;

-- Roles belong to the cluster: they stay while another database or a login role needs them.
do $$
declare
  gone name;
begin
  foreach gone in array array['natsweep_collector', 'natsweep_admin', 'natsweep_operator', 'natsweep_viewer', 'natsweep_owner'] loop
    if exists (select from pg_catalog.pg_auth_members m join pg_catalog.pg_roles r on r.oid = m.roleid
               join pg_catalog.pg_roles o on o.oid = m.member
               where r.rolname = gone and o.rolname not like 'natsweep\_%') then
      raise notice 'the role % stays: it still has members', gone;
      continue;
    end if;
    begin
      execute format('drop role if exists %I', gone);
    exception when dependent_objects_still_exist then
      raise notice 'the role % stays: another database needs it', gone;
    end;
  end loop;
end
$$;

commit;
