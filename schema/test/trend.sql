-- Rollups, differences and repairs.
begin;
\ir fixture/fleet.sql
\ir fixture/history.sql
select date_trunc('month', now(), 'utc') as start \gset
create function pg_temp.settle() returns void language plpgsql as $$
begin
  while natsweep.judge() > 0 loop
  end loop;
  update natsweep.day_due set due_at = now();
  while natsweep.roll_up() > 0 loop
  end loop;
end
$$;
create function pg_temp.at(days integer, hours integer default 12) returns timestamptz language sql stable as $$
  select date_trunc('month', now(), 'utc') - interval '20 days' + make_interval(days => days, hours => hours)
$$;
create function pg_temp.day(days integer) returns date language sql stable return (pg_temp.at(days) at time zone 'utc')::date;

-- Three sites on one day, of which one is swept thrice.
select pg_temp.swept(:berlin, pg_temp.at(1), 'supported') \g /dev/null
select pg_temp.swept(:munich, pg_temp.at(1), 'partial', '{[9000,9005)}') \g /dev/null
select pg_temp.swept(:bonn, pg_temp.at(1, 0), 'unsupported', null, '{"nat_class": 5}') \g /dev/null
select pg_temp.swept(:bonn, pg_temp.at(1, 1), 'partial', '{[9003,9008)}', '{"nat_class": null}') as bonn_sweep \gset
select pg_temp.swept(:bonn, pg_temp.at(1, 2), 'supported', null, '{"port_count": 1, "pass_count": 1, "fail_count": 0}') \g /dev/null
select pg_temp.swept(:bonn, pg_temp.at(1, 3), 'interrupted') \g /dev/null
select natsweep.judge() \g /dev/null
select results_eq('select site, day, outcome, pass_count, fail_count, pass_rate, sweeps from natsweep.site_daily order by site',
  format($$values ('berlin', %1$L::date, 'supported', 11, 0, 1.0000, 1), ('bonn', %1$L, 'partial', 6, 5, 0.5455, 3), ('munich', %1$L, 'partial', 6, 5, 0.5455, 1)$$, pg_temp.day(1)),
  'a site''s day is its sweep of most ports, of several the last');
select is((select sweep_id from natsweep.site_daily where site = 'bonn'), :bonn_sweep::bigint, 'and says which');
select is(natsweep.roll_up(), 0, 'sums wait');
select is_empty('select from natsweep.fleet_daily', 'as long as reports may come');
update natsweep.day_due set due_at = now();
select is(natsweep.roll_up(), 2, 'then two customers are added up');
select is(natsweep.roll_up(), 0, 'once');
select results_eq('select day, sites, supported, partial, unsupported, port_restricted_cone, "symmetric", unknown, pass_count, fail_count, pass_rate from natsweep.fleet_daily',
  format($$values (%L::date, 3::bigint, 1::bigint, 2::bigint, 0::bigint, 2::bigint, 0::bigint, 1::bigint, 23::numeric, 10::numeric, 0.6970)$$, pg_temp.day(1)), 'the fleet''s day');
select results_eq('select transport, first_port, last_port, sites_failing::integer, sites_judged::integer, fail_rate from natsweep.failing_ports order by first_port',
  $$values ('udp', 9000, 9002, 1, 3, 0.3333), ('udp', 9003, 9004, 2, 3, 0.6667), ('udp', 9005, 9007, 1, 3, 0.3333)$$, 'where ports fail at how many sites');
select results_eq('select failing, judged, ports from natsweep.port_day p join natsweep.customer c using (customer_id) where c.name = ''Beta'' order by failing',
  $$values (0, 1, '{[5060,5061),[9000,9003),[9008,9010)}'::int4multirange), (1, 1, '{[9003,9008)}')$$, 'a customer''s ports');

-- Every sum can be made again from the facts.
create temporary table sums as select * from natsweep.customer_day;
create temporary table ports as select * from natsweep.port_day;
delete from natsweep.site_day;
update natsweep.customer_day set sites = 77;
delete from natsweep.port_day where failing > 0;
select natsweep.judge_again() \g /dev/null
select pg_temp.settle() \g /dev/null
select set_eq('select * from natsweep.customer_day', 'select * from sums', 'sums are made again');
select set_eq('select * from natsweep.port_day', 'select * from ports', 'and so are the ports');
select natsweep.judge_again() \g /dev/null
select natsweep.judge() \g /dev/null
select is_empty('select from natsweep.day_due', 'what did not change is not added up again');

-- A day that a server spoiled.
select pg_temp.swept(s, pg_temp.at(2), 'not_run') from unnest(array[:berlin, :munich, :bonn]) s \g /dev/null
select pg_temp.settle() \g /dev/null
select is((select count(*) from natsweep.vantage_fault), 3::bigint, 'a server failed');
select is_empty(format('select from natsweep.site_daily where day = %L', pg_temp.day(2)), 'and no site had a day');
select is_empty(format('select from natsweep.fleet_daily where day = %L', pg_temp.day(2)), 'nor the fleet');

-- Outages and repairs.
select pg_temp.swept(:berlin, pg_temp.at(3), 'partial', '{[9000,9001)}') \g /dev/null
select pg_temp.swept(:berlin, pg_temp.at(4), 'unsupported') \g /dev/null
select pg_temp.swept(:berlin, pg_temp.at(5), 'supported') \g /dev/null
select pg_temp.swept(:berlin, pg_temp.at(6), 'inconclusive', '{}') \g /dev/null
select pg_temp.swept(:berlin, pg_temp.at(7), 'supported') \g /dev/null
select pg_temp.swept(:munich, pg_temp.at(8), 'supported') \g /dev/null
select pg_temp.swept(:munich, pg_temp.at(9), 'partial', '{[9000,9001)}') \g /dev/null
select pg_temp.settle() \g /dev/null
select results_eq('select site, outcome, took from natsweep.site_outage order by started_at',
  $$values ('berlin', 'partial', interval '2 days'), ('berlin', 'inconclusive', '1 day'), ('munich', 'partial', null)$$, 'an outage lasts until the site is supported again');
select results_eq('select sum(outages), sum(mended), max(median) from natsweep.repair_time', $$values (3::numeric, 2::numeric, interval '1 day')$$, 'repairs take so long');
select results_eq($$select site, what, before, after, changes from natsweep.fleet_difference(pg_temp.at(0), pg_temp.at(20)) where what in ('outcome', 'ports') and site <> 'bonn' order by site, what$$,
  $$values ('munich', 'ports', '9000-9004/udp', '9000/udp', 2::bigint)$$, 'what changed and changed back is no difference');
select results_eq($$select site, what, before, after, changes from natsweep.fleet_difference(pg_temp.at(2), pg_temp.at(4)) where what = 'outcome'$$,
  $$values ('berlin', 'outcome', 'supported', 'unsupported', 2::bigint)$$, 'the steps between do not count');
select is_empty($$select from natsweep.fleet_difference(pg_temp.at(4), pg_temp.at(2))$$, 'no time, no difference');

-- Sites that give trouble now.
select pg_temp.swept(:vienna, now() - n * interval '1 day', case n when 0 then 'partial' else 'supported' end, case n when 0 then '{[9000,9002)}'::int4multirange end)
  from generate_series(0, 2) n \g /dev/null
select pg_temp.settle() \g /dev/null
select results_eq($$select bad_days, pass_rate, fail_count, failing_since from natsweep.worst_site where site = 'vienna'$$,
  $$values (1::bigint, 0.8182, 2::bigint, now())$$, 'the worst sites, since when');
select * from finish();
rollback;
