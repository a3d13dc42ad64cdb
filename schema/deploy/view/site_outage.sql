-- When sites failed and were mended.
begin;
set local role natsweep_owner;

create view natsweep.site_outage with (security_invoker) as
  select c.name::text as customer, s.name::text as site, o.at as started_at, m.at as mended_at, m.at - o.at as took,
    o.after as outcome, o.sweep_id, o.site_id, s.customer_id
  from natsweep.change o
  join natsweep.site s on s.site_id = o.site_id
  join natsweep.customer c on c.customer_id = s.customer_id
  cross join lateral (
    select min(e.at) as at
    from natsweep.change e
    where e.site_id = o.site_id and e.what = 'outcome' and e.after = 'supported' and e.at > o.at
  ) as m
  where o.what = 'outcome' and o.before = 'supported';

comment on view natsweep.site_outage is 'One row each time a site that had been supported was no longer. Bound started_at.';
comment on column natsweep.site_outage.customer is 'Whose site it is.';
comment on column natsweep.site_outage.site is 'The site.';
comment on column natsweep.site_outage.started_at is 'The first sweep that saw it so.';
comment on column natsweep.site_outage.mended_at is 'The first sweep that found it supported again; null: it still is not.';
comment on column natsweep.site_outage.took is 'The time between: as exact as the sweeps are frequent.';
comment on column natsweep.site_outage.outcome is 'What it became at first.';
comment on column natsweep.site_outage.sweep_id is 'The sweep that saw it first.';
comment on column natsweep.site_outage.site_id is 'The number of the site.';
comment on column natsweep.site_outage.customer_id is 'The number of the customer.';
grant select on natsweep.site_outage to natsweep_viewer;

commit;
