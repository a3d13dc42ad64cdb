-- How the fleet was day by day.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_trend(days bigint) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select coalesce(jsonb_agg(jsonb_build_array(d.day, d.supported, d.partial, d.unsupported, d.inconclusive, d.not_run, d.pass_rate)
    order by d.day), '[]')
  from natsweep.fleet_daily d
  where d.day > (now() at time zone 'utc')::date - days::integer;
end;

comment on function natsweep.dashboard_trend(bigint) is
  'For each of so many days past: day, sites supported, partial, unsupported, inconclusive, not run, and the share of ports that '
  'were as expected.';
grant execute on function natsweep.dashboard_trend(bigint) to natsweep_viewer;

commit;
