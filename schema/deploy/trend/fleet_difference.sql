-- What two times differ in.
begin;
set local role natsweep_owner;

create function natsweep.fleet_difference(since timestamptz, until timestamptz default now())
  returns table (customer text, site text, what text, before text, after text, changes bigint)
  language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select d.*
  from (
    select c.customer, c.site, c.what, (array_agg(c.before order by c.at, c.sweep_id))[1] as before,
      (array_agg(c.after order by c.at desc, c.sweep_id desc))[1] as after, count(*) as changes
    from natsweep.site_change c
    where c.at > since and c.at <= until
    group by c.customer, c.site, c.site_id, c.what
  ) as d
  where d.before <> d.after
  order by d.customer, d.site, d.what;
end;

comment on function natsweep.fleet_difference(timestamptz, timestamptz) is
  'What sites were at one time and are at another, where that is not the same; what changed and changed back is left out. changes '
  'counts the steps between.';
grant execute on function natsweep.fleet_difference(timestamptz, timestamptz) to natsweep_viewer;

commit;
