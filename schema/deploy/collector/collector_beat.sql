-- A collector renews its lease.
begin;
set local role natsweep_owner;

create function natsweep.collector_beat(collector_id bigint, instance bigint) returns boolean
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
begin
  update natsweep.collector c
  set lease_until = now() + natsweep.collector_lease()
  where c.collector_id = collector_beat.collector_id and c.instance = collector_beat.instance;
  return found;
end
$$;

comment on function natsweep.collector_beat(bigint, bigint) is
  'Renews the lease; false: another instance has taken over and this one has to stop.';
grant execute on function natsweep.collector_beat(bigint, bigint) to natsweep_collector;

commit;
