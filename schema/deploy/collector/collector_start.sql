-- A collector comes up.
begin;
set local role natsweep_owner;

create function natsweep.collector_start(name text, instance bigint, version text) returns bigint
  language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  insert into natsweep.collector as c (name, instance, version, lease_until)
  values (collector_start.name, collector_start.instance, collector_start.version, now() + natsweep.collector_lease())
  on conflict (name) do update
    set instance = excluded.instance, version = excluded.version, started_at = now(), lease_until = excluded.lease_until
  returning c.collector_id;
end;

comment on function natsweep.collector_start(text, bigint, text) is
  'Takes the lease of the collector of that name; an older instance of it is superseded.';
grant execute on function natsweep.collector_start(text, bigint, text) to natsweep_collector;

commit;
