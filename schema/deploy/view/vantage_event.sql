-- Outages of servers, one row each.
begin;
set local role natsweep_owner;

create view natsweep.vantage_event with (security_invoker) as
  select e.server_name, min(e.at) as first_seen, max(e.at) as last_seen, count(distinct e.site_id) as sites
  from (
    select f.*, count(*) filter (where f.parts) over (partition by f.server_name order by f.at, f.sweep_id) as event
    from (
      select v.*, v.at - lag(v.at) over (partition by v.server_name order by v.at, v.sweep_id) > interval '1 hour' as parts
      from natsweep.vantage_fault v
    ) as f
  ) as e
  group by e.server_name, e.event;

comment on view natsweep.vantage_event is
  'One row an outage of a server that sites sweep against, however many of them saw it. The sweeps that saw it count for no site.';
comment on column natsweep.vantage_event.server_name is 'The server; empty when no server answered at all.';
comment on column natsweep.vantage_event.first_seen is 'The first sweep that saw it.';
comment on column natsweep.vantage_event.last_seen is 'The last one.';
comment on column natsweep.vantage_event.sites is 'How many sites saw it, of those the reader may see.';
grant select on natsweep.vantage_event to natsweep_viewer;

commit;
