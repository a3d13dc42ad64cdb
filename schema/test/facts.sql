-- Reports become facts: each once, in any order, for those alone whom they concern.
begin;
\ir fixture/fleet.sql
\ir fixture/report.sql
select natsweep.request_sweep('{"all": true}', '5060/udp,9000-9003/udp') as request \gset
select sweep_id as berlin_sweep from natsweep.sweep where site_id = :berlin \gset
select sweep_id as munich_sweep from natsweep.sweep where site_id = :munich \gset
select sweep_id as bonn_sweep from natsweep.sweep where site_id = :bonn \gset
select count(*) from natsweep.claim_sweeps(:one, array[:berlin_agent, :munich_agent, :bonn_agent]::bigint[], 10) \g /dev/null
select natsweep.to_us(now()) as at_us \gset

-- Rows as they come, and what is unknown.
select is(pg_temp.store(array[pg_temp.report(1, :berlin, :berlin_sweep), pg_temp.report(2, :munich, :berlin_sweep), pg_temp.report(3, :munich, :munich_sweep),
    pg_temp.report(4, :munich, :munich_sweep), pg_temp.report(5, :bonn, :bonn_sweep, '{"at_us": 1767225600000000}')]),
  'stored unknown stored duplicate unknown', 'each report has its fate, and the others do not share it');
select is(pg_temp.store(array[pg_temp.report(1, :berlin, :berlin_sweep)]), 'duplicate', 'a report that comes again is known');
select is((select count(*) from natsweep.port_result where site_id = :berlin), 5::bigint, 'and its ports are there once');
select is(pg_temp.state(:berlin_sweep), 'done', 'the sweep is done');
select is((select forwarding from natsweep.site_status where site_id = :berlin), 'partial', 'the site has its status');
select is((select count(*) from natsweep.port_plan), 1::bigint, 'reports share their plan');

-- The views.
select results_eq(format('select port, transport, role, expect, as_expected, verdict, reason, inbound, mapped, rtt_us, attempts::integer, live, owner
    from natsweep.port_result where sweep_id = %s and site_id = %s order by port', :berlin_sweep, :berlin),
  $$values
    (5060, 'udp', 'sip', 'open', true, 'pass', null, true, '203.0.113.2:5060', 21000, 3, true, null::jsonb),
    (9000, 'udp', 'rtp', 'open', true, 'pass', null, true, '203.0.113.2:9000', 22000, 3, true, null),
    (9001, 'udp', 'rtp', 'open', true, 'pass', null, true, '203.0.113.2:9001', null, 4, true, null),
    (9002, 'udp', 'rtp', 'open', false, 'closed', null, false, '203.0.113.3:65535', 23000, 7, true, '{"pid": 812, "name": "pbx"}'),
    (9003, 'udp', 'rtp', 'open', null, 'not_tested', 'cancelled', null, null, null, null, true, null)$$,
  'port_result has a row a port, with its evidence');
select is((select message from natsweep.port_result where site_id = :berlin and port = 9002),
  'Nothing from outside arrives: the port is not forwarded to this host, or a firewall drops what comes in. Forward the port one-to-one to this host where there is a NAT, and allow it in the router''s and this host''s firewall.',
  'and a sentence');
delete from natsweep.port_evidence where site_id = :munich;
select results_eq(format('select count(*), count(rtt_us), count(mapped) from natsweep.port_result where site_id = %s', :munich),
  'values (5::bigint, 0::bigint, 0::bigint)', 'verdicts outlive the evidence');
select results_eq(format('select port, verdict from natsweep.port_current where site_id = %s order by port', :berlin),
  format('select port, verdict from natsweep.port_result where site_id = %s order by port', :berlin), 'port_current is the newest judgement');

-- Other sweeps of the site, older and newer, in any order. 9003 was judged before, 9002 is judged later.
create function pg_temp.sweep_at(shift interval) returns bigint language sql as $$
  insert into natsweep.sweep (request_id, site_id, agent_id, state, expires_at, at)
  select w.request_id, w.site_id, w.agent_id, 'running', now(), now() + shift from natsweep.sweep w order by w.sweep_id limit 1 returning sweep_id
$$;
create function pg_temp.judge(site bigint, shift interval, verdict text, ports int4multirange) returns void language sql as $$
  with w as (select pg_temp.sweep_at(shift) as sweep_id)
  select count(*)
  from w, natsweep.store_reports(array[pg_temp.report(1, site, w.sweep_id, jsonb_build_object('at_us', natsweep.to_us(now() + shift)))],
    array[pg_temp.part(1, 0, verdict, ports, verdict = 'pass')], '{}') s
$$;
select pg_temp.judge(:berlin, '1 hour', 'pass', '{[9002,9003)}') \g /dev/null
select pg_temp.judge(:berlin, '-2 hours', 'closed', '{[9001,9005)}') \g /dev/null
select pg_temp.judge(:berlin, '-1 hour', 'pass', '{[9004,9005)}') \g /dev/null
select pg_temp.judge(:berlin, '2 hours', 'inconclusive', '{[9000,9001),[9005,9006)}') \g /dev/null
select results_eq(format('select port, verdict, at - now() from natsweep.port_current where site_id = %s and port >= 9000 order by port', :berlin),
  $$values (9000, 'pass', interval '0'), (9001, 'pass', '0'), (9002, 'pass', '1 hour'), (9003, 'closed', '-2 hours'), (9004, 'pass', '-1 hour'),
    (9005, 'inconclusive', '2 hours')$$,
  'of each port the newest judgement counts; one that was never judged has its newest verdict');
select results_eq(format('select first, last, verdict from natsweep.port_span where site_id = %s and first >= 9000 order by first', :berlin),
  $$values (9000, 9002, 'pass'), (9003, 9003, 'closed'), (9004, 9004, 'pass'), (9005, 9005, 'inconclusive')$$,
  'port_span takes neighbours together that are alike');
select is_empty($$
  select a.site_id from natsweep.port_last a join natsweep.port_last b using (site_id, transport) where a.ctid <> b.ctid and a.ports && b.ports$$,
  'no port is there twice');

-- A report in batches, the last one first.
select pg_temp.sweep_at('3 hours') as large \gset
select natsweep.to_us(now() + interval '3 hours') as large_at \gset
create function pg_temp.batch(number integer) returns natsweep.report_in language sql as $$
  select pg_temp.report(100 + number * 10, w.site_id, w.sweep_id, jsonb_build_object('at_us', natsweep.to_us(w.at), 'batch', number, 'batches', 3)
    || case when number = 2 then '{}' else '{"outcome": null}' end::jsonb)
  from natsweep.sweep w order by w.sweep_id desc limit 1
$$;
select is(pg_temp.store(array[pg_temp.batch(2)]), 'stored', 'the last batch first');
select is(pg_temp.state(:large), 'running', 'is not all');
select is(pg_temp.store(array[pg_temp.batch(0)]), 'stored', 'nor are two');
select is(pg_temp.store(array[pg_temp.batch(0)]), 'duplicate', 'even if one comes twice');
select is(pg_temp.state(:large), 'running', 'one is missing');
select is(pg_temp.store(array[pg_temp.batch(1)]), 'stored', 'three are');
select is(pg_temp.state(:large), 'done', 'all');
select results_eq(format('select port_count, pass_count, fail_count, unjudged_count from natsweep.sweep_result where sweep_id = %s', :large),
  'values (15, 9, 3, 3)', 'the result has the sums');
select is((select pass_count from natsweep.site_status where site_id = :berlin), 9, 'and so has the site');

-- Batches that share ports: a port has one row a sweep.
select pg_temp.sweep_at('4 hours') as overlapping \gset
select is((select string_agg(s.status, ' ' order by s.item)
  from natsweep.store_reports(array[pg_temp.batch(0), pg_temp.batch(1), pg_temp.batch(2)],
    array(select pg_temp.part(100 + n * 10, 0, 'pass', int4multirange(int4range(9000 + n, 9003 + n)), true) from generate_series(0, 2) n), '{}') s),
  'stored overlapping overlapping', 'a batch with ports of another one is not stored');
select is(pg_temp.store(array[pg_temp.batch(0)]), 'duplicate', 'one that was stored stays');
select is((select count(*) from natsweep.port_verdict where sweep_id = :overlapping), 1::bigint, 'and no port has two rows');

-- Forwarding.
select results_eq('select natsweep.forwarding(f, u) from (values (5, 0), (5, 1), (0, 1), (0, 0)) as t (f, u)',
  'values (1::smallint), (2::smallint), (3::smallint), (null)', 'complete, partial, none, unknown');
select results_eq($$select natsweep.as_expected(v, e, u) from (values ('pass', 'open', true), ('closed', 'open', false), ('pass', 'closed', true),
    ('closed', 'closed', false), ('translated', 'closed', true), ('in_use', 'closed', null)) as t (v, e, u)$$,
  'values (true), (false), (false), (true), (false), (null)', 'open ports pass, closed ones cannot be reached');
select is_empty($$select v from unnest(natsweep.verdict_words()) v, unnest(natsweep.transport_words()) t where natsweep.port_message(t, v, null, null, 'open') is null$$,
  'there is a sentence for every verdict');

-- A month that the tick has not made, and evidence that is too old to keep.
select to_char(now() at time zone 'utc' + interval '8 months', '_YYYY_MM') as far \gset
select natsweep.need_partitions(array[now()]) \g /dev/null
select pg_temp.sweep_at('0') as gone \gset
do $$
declare
  fact text;
begin
  for fact in select name from natsweep.fact_table loop
    execute format('alter table natsweep.%1$I detach partition natsweep.%1$s%2$s', fact, to_char(now() at time zone 'utc' + interval '2 months', '_YYYY_MM'));
    execute format('drop table natsweep.%s%s', fact, to_char(now() at time zone 'utc' + interval '2 months', '_YYYY_MM'));
  end loop;
end
$$;
select lives_ok(format($$select pg_temp.judge(%s, date_trunc('month', now() at time zone 'utc') + interval '2 months 1 day' - (now() at time zone 'utc'), 'pass', '{[9000,9001)}')$$, :berlin),
  'a missing month is made');

-- What was rejected.
select natsweep.reject_report(:berlin_agent, :berlin, 77, 0, 'no such sweep', 'payload') from generate_series(1, 3) \g /dev/null
select results_eq('select site_id, agent_id, sweep_id, reason, payload from natsweep.rejected_report',
  format('values (%s::bigint, %s::bigint, 77::bigint, ''no such sweep'', ''payload''::bytea)', :berlin, :berlin_agent), 'a rejected report is kept, once');
select natsweep.reject_report(:berlin_agent, :berlin, n, 0, 'no such sweep', 'payload') from generate_series(100, 400) n \g /dev/null
select is((select count(*) from natsweep.rejected_report), 200::bigint, 'and so many a day');

-- Who sees what.
create temporary table seen as
  select r.relation, w.who, pg_temp.as_role(w.who, format('select coalesce(string_agg(distinct site_id::text, '' ''), '''') from natsweep.%I', r.relation)) as sites
  from unnest('{report_batch,port_verdict,port_evidence,port_last,port_result,port_current,port_span}'::name[]) as r (relation)
  cross join unnest('{vera,boris,nobody,adam}'::name[]) as w (who);
select is_empty($$select relation, who, sites from seen where who in ('boris', 'nobody') and sites <> ''$$, 'another customer''s facts are not there');
select is_empty(format($$select relation, who, sites from seen where who in ('vera', 'adam') and '%s' <> all (string_to_array(sites, ' '))$$, :berlin), 'one''s own are');
select is(pg_temp.as_role('vera', 'select count(*) from natsweep.rejected_report'), '0', 'what was rejected is for administrators');
select is(pg_temp.as_role('adam', 'select count(*) from natsweep.rejected_report'), '200', 'who see it');
select is(pg_temp.as_role('vera', 'select natsweep.store_reports(''{}'', ''{}'', ''{}'')'), '42501 permission denied for function store_reports', 'nobody but collectors stores');
select * from finish();
rollback;
