-- How long repairs take.
begin;
set local role natsweep_owner;

create view natsweep.repair_time with (security_invoker) as
  select date_trunc('month', o.started_at at time zone 'utc')::date as month, count(*) as outages, count(o.mended_at) as mended,
    percentile_disc(0.5) within group (order by o.took) as median,
    percentile_disc(0.9) within group (order by o.took) as slowest_tenth
  from natsweep.site_outage o
  group by 1;

comment on view natsweep.repair_time is
  'One row a month: how many sites ceased to be supported in it, and how long it took until they were again.';
comment on column natsweep.repair_time.month is 'Its first day, UTC.';
comment on column natsweep.repair_time.outages is 'Outages that began in it.';
comment on column natsweep.repair_time.mended is 'Those that are over.';
comment on column natsweep.repair_time.median is 'Half of these took no longer.';
comment on column natsweep.repair_time.slowest_tenth is 'A tenth of these took longer.';
grant select on natsweep.repair_time to natsweep_viewer;

commit;
