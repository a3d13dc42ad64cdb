-- The same event for many sweeps.
begin;
set local role natsweep_owner;

create function natsweep.sweep_step_all(sweep_ids bigint[], event text, detail text default null, by_collector bigint default null)
  returns integer
  language sql set search_path = pg_catalog, pg_temp
begin atomic
  select count(*)::integer
  from natsweep.sweep_step(sweep_ids, array_fill(event, array[cardinality(sweep_ids)]),
    array_fill(detail, array[cardinality(sweep_ids)]), by_collector);
end;

comment on function natsweep.sweep_step_all(bigint[], text, text, bigint) is
  'Applies one event to some sweeps; returns how many it changed.';

commit;
