begin;
\ir fixture/fleet.sql
select natsweep.request_sweep('{"all": true}', '5060/udp', '{"expires_s": 600, "deadline_s": 100}') as request \gset
select sweep_id as berlin_sweep from natsweep.sweep where site_id = :berlin \gset
select sweep_id as munich_sweep from natsweep.sweep where site_id = :munich \gset
select sweep_id as bonn_sweep from natsweep.sweep where site_id = :bonn \gset
select is(natsweep.tick(), 0, 'nothing to do');

-- Expiry.
update natsweep.sweep set expires_at = now() where sweep_id = :bonn_sweep;
select is_empty(format('select * from natsweep.claim_sweeps(%s, array[%s]::bigint[], 1)', :one, :bonn_agent), 'what has expired is not handed out, even before the tick');
select is(natsweep.tick(), 1, 'one thing to do');
select is(pg_temp.state(:bonn_sweep), 'expired', 'what nobody took in time expires');
select is((select message from natsweep.sweep where sweep_id = :bonn_sweep), 'the agent did not come in time', 'and says why');

-- A dead collector.
select count(*) from natsweep.claim_sweeps(:one, array[:berlin_agent, :munich_agent]::bigint[], 10) \g /dev/null
select results_eq(format('select lost_at from natsweep.sweep where sweep_id = %s', :berlin_sweep), $$values (now() + interval '760 s')$$,
  'a sweep on its way may start until it expires, and then runs');
select count(*) from natsweep.sweep_events(:one, array[:munich_agent]::bigint[], array[:munich_sweep]::bigint[], '{1}', '{started}', '{null}') \g /dev/null
select results_eq(format('select lost_at from natsweep.sweep where sweep_id = %s', :munich_sweep), $$values (now() + interval '160 s')$$,
  'one that runs has its deadline and a minute for the report');
select is(natsweep.tick(), 0, 'while the collector lives nothing is taken away');
update natsweep.collector set lease_until = now() where collector_id = :one;
select is(natsweep.tick(), 4, 'one sweep is taken back, three agents are gone');
select is(pg_temp.state(:berlin_sweep), 'queued', 'what a dead collector may not have delivered waits again');
select is(pg_temp.state(:munich_sweep), 'running', 'what an agent runs goes on');
select is_empty('select from natsweep.agent_status where online', 'its agents are no longer online');
select is(natsweep.tick(), 0, 'once');
select results_eq(format('select sweep_id, generation from natsweep.claim_sweeps(%s, array[%s]::bigint[], 10)', :two, :berlin_agent),
  format('values (%s::bigint, 2)', :berlin_sweep), 'another collector takes over');
select results_eq(format('select * from natsweep.agent_hello(%s, %s, 1, ''1.0'', ''h'', 0, true, array[%s]::bigint[], ''{}'')', :two, :munich_agent, :munich_sweep),
  format('values (%s::bigint, 2, ''adopt'')', :munich_sweep), 'and adopts what its agents run');

-- Loss.
update natsweep.sweep set lost_at = now() where sweep_id in (:berlin_sweep, :munich_sweep);
select is(natsweep.tick(), 2, 'two are lost');
select is(pg_temp.state(:berlin_sweep) || pg_temp.state(:munich_sweep), 'lostlost', 'what is past its deadline is lost');
select results_eq(format('select decision from natsweep.agent_hello(%s, %s, 1, ''1.0'', ''h'', 0, true, array[%s]::bigint[], ''{}'')', :two, :munich_agent, :munich_sweep),
  $$values ('adopt')$$, 'and found when the agent still runs it');
select is(pg_temp.state(:munich_sweep), 'running', 'it runs again');
select is((select array[total, expired, lost, running] from natsweep.request_progress where request_id = :request), '{3,1,1,1}', 'states add up');

-- Months.
select is((select count(*) from pg_inherits where inhparent = 'natsweep.sweep_result'::regclass), 4::bigint, 'last month, this one and two more are there');
select lives_ok($$insert into natsweep.sweep_result (site_id, at, sweep_id, outcome, family, message, started_at, duration_us, port_count, pass_count, fail_count, unjudged_count)
  select 1, date_trunc('month', now(), 'utc') + m * interval '1 month', 1, 1, 4, '', now(), 0, 0, 0, 0, 0 from generate_series(-1, 2) m$$, 'and take rows from their first instant');
create table natsweep.sweep_result_2001_01 partition of natsweep.sweep_result for values from ('2001-01-01 00:00+00') to ('2001-02-01 00:00+00');
select is(natsweep.tick(), 0, 'a month is kept for ever');
update natsweep.fact_table set keep = interval '2 years' where name = 'sweep_result';
select is(natsweep.tick(), 1, 'or so long');
select hasnt_table('natsweep', 'sweep_result_2001_01', 'then it is dropped');
select format('drop table natsweep.%I', 'sweep_result' || to_char(now() at time zone 'utc' + interval '2 months', '_YYYY_MM')) \gexec
select is(natsweep.tick(), 1, 'a missing month is made');
select * from finish();
rollback;
