-- Pass rate by site and day.
begin;
set local role natsweep_owner;

create view natsweep.site_daily with (security_invoker) as
  select c.name::text as customer, s.name::text as site, d.day,
    (natsweep.outcome_words())[d.outcome] as outcome, (natsweep.nat_class_words())[d.nat_class] as nat_class,
    (natsweep.forwarding_words())[d.forwarding] as forwarding, d.pass_count, d.fail_count, d.unjudged_count,
    round(d.pass_count / nullif(d.pass_count + d.fail_count, 0)::numeric, 4) as pass_rate,
    d.sweeps, d.at, d.sweep_id, d.site_id, s.customer_id
  from natsweep.site_day d
  join natsweep.site s on s.site_id = d.site_id
  join natsweep.customer c on c.customer_id = s.customer_id;

comment on view natsweep.site_daily is
  'One row a site and day (UTC) on which it was judged: the sweep of most ports, of several the last. Bound site or day.';
comment on column natsweep.site_daily.customer is 'Whose site it is.';
comment on column natsweep.site_daily.site is 'The site.';
comment on column natsweep.site_daily.day is 'The day, UTC.';
comment on column natsweep.site_daily.outcome is 'The outcome.';
comment on column natsweep.site_daily.nat_class is 'The NAT class.';
comment on column natsweep.site_daily.forwarding is 'complete, partial or none; null: unknown.';
comment on column natsweep.site_daily.pass_count is 'Judged ports that are as expected.';
comment on column natsweep.site_daily.fail_count is 'Judged ports that are not.';
comment on column natsweep.site_daily.unjudged_count is 'Ports that could not be judged.';
comment on column natsweep.site_daily.pass_rate is 'Share of the judged ports that are as expected, 0 to 1; null: none was judged.';
comment on column natsweep.site_daily.sweeps is 'Sweeps of that day.';
comment on column natsweep.site_daily.at is 'When the sweep that stands for the day was first claimed.';
comment on column natsweep.site_daily.sweep_id is 'That sweep.';
comment on column natsweep.site_daily.site_id is 'The number of the site.';
comment on column natsweep.site_daily.customer_id is 'The number of the customer.';
grant select on natsweep.site_daily to natsweep_viewer;

commit;
