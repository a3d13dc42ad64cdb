-- Sites that give most trouble.
begin;
set local role natsweep_owner;

create view natsweep.worst_site with (security_invoker) as
  select c.name::text as customer, s.name::text as site, d.bad_days, d.pass_rate, d.fail_count, j.failing_since, j.cause, j.cure,
    s.site_id, s.customer_id
  from (
    select t.site_id, count(*) as bad_days, sum(t.fail_count) as fail_count,
      round(sum(t.pass_count) / sum(t.pass_count + t.fail_count)::numeric, 4) as pass_rate
    from natsweep.site_day t
    where t.day > (now() at time zone 'utc')::date - 30 and t.fail_count > 0
    group by t.site_id
  ) as d
  join natsweep.site s on s.site_id = d.site_id
  join natsweep.customer c on c.customer_id = s.customer_id
  left join natsweep.site_judgement j on j.site_id = d.site_id;

comment on view natsweep.worst_site is
  'One row a site at which ports failed in the last thirty days. Order by what hurts, such as fail_count desc.';
comment on column natsweep.worst_site.customer is 'Whose site it is.';
comment on column natsweep.worst_site.site is 'The site.';
comment on column natsweep.worst_site.bad_days is 'Days on which ports failed.';
comment on column natsweep.worst_site.pass_rate is 'Share of the judged ports of these days that were as expected, 0 to 1.';
comment on column natsweep.worst_site.fail_count is 'Ports that were not, added up over the days.';
comment on column natsweep.worst_site.failing_since is 'When it was first seen not to be supported after it had been.';
comment on column natsweep.worst_site.cause is 'The likely cause of its trouble.';
comment on column natsweep.worst_site.cure is 'What to do about it.';
comment on column natsweep.worst_site.site_id is 'The number of the site.';
comment on column natsweep.worst_site.customer_id is 'The number of the customer.';
grant select on natsweep.worst_site to natsweep_viewer;

commit;
