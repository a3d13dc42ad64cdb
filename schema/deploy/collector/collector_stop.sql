-- A collector goes down in order.
begin;
set local role natsweep_owner;

create function natsweep.collector_stop(collector_id bigint, instance bigint) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  update natsweep.collector c
  set lease_until = now()
  where c.collector_id = collector_stop.collector_id and c.instance = collector_stop.instance;
end;

comment on function natsweep.collector_stop(bigint, bigint) is
  'Gives the lease up at once, so that others need not wait for its end.';
grant execute on function natsweep.collector_stop(bigint, bigint) to natsweep_collector;

commit;
