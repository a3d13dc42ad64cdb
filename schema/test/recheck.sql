-- A recheck of some ports says nothing about the others, and must not erase what is known of them.
begin;
\ir fixture/fleet.sql
select natsweep.request_sweep('{"site": "berlin"}', '@3cx') as request \gset

-- A sweep of a site so long after now, stored as agents send it. Each part is (transport, verdict, ports).
create function pg_temp.sweep(shift interval, plan text, parts jsonb, options jsonb default '{}', home text default 'berlin')
  returns bigint language plpgsql as $$
declare
  id bigint;
begin
  insert into natsweep.sweep (request_id, site_id, agent_id, state, expires_at, at)
  select w.request_id, w.site_id, w.agent_id, 'running', now(), now() + shift
  from natsweep.sweep w join natsweep.site s on s.site_id = w.site_id
  where s.name = home
  order by w.sweep_id limit 1
  returning sweep_id into id;
  perform natsweep.store_reports(array[jsonb_populate_record(null::natsweep.report_in, jsonb_build_object('item', 1, 'site_id', w.site_id,
      'sweep_id', id, 'at_us', natsweep.to_us(w.at), 'batch', 0, 'batches', 1, 'plan', plan, 'outcome', 2, 'family', 4, 'message', 'as the agent says',
      'advice', '[]'::jsonb, 'warnings', '[]'::jsonb, 'public_address', '203.0.113.2', 'started_at_us', natsweep.to_us(w.at), 'duration_us', 1,
      'nat_class', 4, 'port_count', n.total, 'pass_count', n.pass, 'fail_count', n.fail, 'unjudged_count', n.total - n.pass - n.fail,
      'forwarded_count', n.pass, 'unforwarded_count', n.fail) || options)],
    array(select (1, p.place, p.transport, array_position(natsweep.verdict_words(), p.verdict), 1, true, true, p.verdict = 'pass', p.verdict = 'pass', true,
      p.verdict <> 'inconclusive', p.ports)::natsweep.part_in from pg_temp.parts(parts) p), '{}')
  from natsweep.sweep w
  cross join lateral (
    select sum(q.size) as total, coalesce(sum(q.size) filter (where q.verdict = 'pass'), 0) as pass,
      coalesce(sum(q.size) filter (where q.verdict = 'closed'), 0) as fail
    from pg_temp.parts(parts) q) as n
  where w.sweep_id = id;
  return id;
end
$$;
create function pg_temp.parts(parts jsonb) returns table (place bigint, transport smallint, verdict text, ports int4multirange, size bigint) language sql as $$
  select p.place, (p.part ->> 0)::smallint, p.part ->> 1, (p.part ->> 2)::int4multirange,
    (select sum(upper(r) - lower(r)) from unnest((p.part ->> 2)::int4multirange) r)
  from jsonb_array_elements(parts) with ordinality as p (part, place)
$$;
create function pg_temp.status() returns text language sql as $$
  select format('%s %s %s+ %s- %s?', outcome, forwarding, pass_count, fail_count, unjudged_count) from natsweep.site_status where site = 'berlin'
$$;
\set profile '{"(1,5060,5060,2,1,0)","(1,9000,9009,4,1,0)","(2,443,443,5,1,0)","(2,5001,5001,5,1,0)"}'

select pg_temp.sweep('1 h', :'profile', '[[1, "pass", "{[5060,5061),[9000,9008)}"], [1, "closed", "{[9008,9010)}"], [2, "pass", "{[443,444)}"], [2, "closed", "{[5001,5002)}"]]') \g /dev/null
select is(pg_temp.status(), 'partial partial 11+ 2- 0?', 'a whole sweep');
select natsweep.request_sweep('{"site": "berlin", "outcome": "failed"}', '@failing') as again \gset
select results_eq(format('select firsts, lasts, roles, expects, alternatives, port_count, ports from natsweep.request where request_id = %s', :again),
  $$values ('{9008}'::integer[], '{9009}'::integer[], '{4}'::smallint[], '{1}'::smallint[], '{0}'::smallint[], 2, '@failing')$$,
  'what fails can be asked for alone, and the alternative that nobody needs does not fail');
select pg_temp.sweep('2 h', '{"(1,9008,9008,4,1,0)"}', '[[1, "pass", "{[9008,9009)}"]]', '{"outcome": 1}') as recheck \gset
select is(pg_temp.status(), 'partial partial 12+ 1- 0?', 'one port is mended, the other one still fails');
select is((select array[message, (sweep_id = :recheck)::text] from natsweep.site_status where site = 'berlin'),
  '{"12 of 13 judged ports are as expected; 1 of them was checked again last.",true}', 'the status says so');
select natsweep.judge() \g /dev/null
select is((select cause from natsweep.site_status where site = 'berlin'), 'Nothing from outside arrives: the port is not forwarded to this host, or a firewall drops what comes in.',
  'the cause is that of the port that still fails, though the recheck found none that does');
select pg_temp.sweep('3 h', '{"(1,9009,9009,4,1,0)"}', '[[1, "pass", "{[9009,9010)}"]]', '{"outcome": 1}') \g /dev/null
select is(pg_temp.status(), 'supported complete 13+ 0- 0?', 'the last one is mended');
select natsweep.judge() \g /dev/null
select is((select cause from natsweep.site_status where site = 'berlin'), null, 'and nothing is wrong any more');
select throws_ok($$select natsweep.request_sweep('{"site": "berlin"}', '@failing')$$, 'NS001',
  'no port is known to fail at the sites that match {"site": "berlin"}; nothing was asked', 'where nothing fails nothing is asked');
select lives_ok($$select natsweep.add_schedule('mend', '0 3 * * *', '{"all": true, "outcome": "failed"}', '@failing')$$, 'a schedule may look at it night by night');
select pg_temp.sweep('4 h', '{"(2,443,443,5,1,0)"}', '[[2, "closed", "{[443,444)}"]]', '{"outcome": 3}') \g /dev/null
select is(pg_temp.status(), 'partial partial 11+ 2- 0?', 'when the alternative in use fails, the other one is missed, too');
select pg_temp.sweep('5 h', '{"(2,5001,5001,5,1,0)"}', '[[2, "pass", "{[5001,5002)}"]]', '{"outcome": 1}') \g /dev/null
select is(pg_temp.status(), 'supported complete 13+ 0- 0?', 'and stands in for it when it works');
select pg_temp.sweep('6 h', '{"(1,5060,5060,2,1,0)"}', '[[1, "inconclusive", "{[5060,5061)}"]]', '{"outcome": 4}') \g /dev/null
select is(pg_temp.status(), 'supported complete 13+ 0- 0?', 'what could not be judged again stays as it was judged');

-- What is no recheck.
select pg_temp.sweep('7 h', '{"(1,7000,7000,2,1,0)"}', '[[1, "closed", "{[7000,7001)}"]]', '{"outcome": 3}') \g /dev/null
select is(pg_temp.status(), 'unsupported none 0+ 1- 0?', 'other ports stand for themselves');
select pg_temp.sweep('8 h', :'profile', '[[1, "pass", "{[5060,5061),[9000,9010)}"], [2, "inconclusive", "{[443,444),[5001,5002)}"]]', '{"outcome": 4}') \g /dev/null
select is(pg_temp.status(), 'inconclusive complete 11+ 0- 2?', 'and so does a whole sweep');
select pg_temp.sweep('9 h', '{"(1,5060,5060,2,1,0)"}', '[[1, "pass", "{[5060,5061)}"]]', '{"outcome": 1}') \g /dev/null
select is(pg_temp.status(), 'inconclusive complete 11+ 0- 2?', 'what nobody judged is still open after a recheck of others');
select pg_temp.sweep('10 h', '{"(2,443,443,5,1,0)"}', '[[2, "pass", "{[443,444)}"]]', '{"outcome": 1}') \g /dev/null
select is(pg_temp.status(), 'supported complete 12+ 0- 1?', 'until an alternative works');
select pg_temp.sweep('10 days', '{"(1,5060,5060,2,1,0)"}', '[[1, "closed", "{[5060,5061)}"]]', '{"outcome": 3}') \g /dev/null
select is(pg_temp.status(), 'unsupported none 0+ 1- 0?', 'after a week nothing is known of the others');

-- Reports that waited and come at once, and what a server's fault takes back.
select pg_temp.sweep('20 days', :'profile', '[[1, "pass", "{[5060,5061),[9000,9009)}"], [1, "closed", "{[9009,9010)}"], [2, "pass", "{[443,444)}"], [2, "closed", "{[5001,5002)}"]]') as base \gset
select pg_temp.sweep('20 days 1 h', '{"(1,9009,9009,4,1,0)"}', '[[1, "pass", "{[9009,9010)}"]]', '{"outcome": 1}') as mended \gset
select is(pg_temp.status(), 'supported complete 13+ 0- 0?', 'mended');
delete from natsweep.site_last where site_id = :berlin;
select natsweep.note_results(array(select r from natsweep.sweep_result r where r.sweep_id in (:base, :mended))) \g /dev/null
select is(pg_temp.status(), 'supported complete 13+ 0- 0?', 'a sweep and its recheck that are stored together');
select pg_temp.sweep('20 days 2 h', :'profile', '[[1, "closed", "{[5060,5061),[9000,9010)}"], [2, "closed", "{[443,444),[5001,5002)}"]]', '{"outcome": 3}') as faulty \gset
select is(pg_temp.status(), 'unsupported none 0+ 13- 0?', 'everything fails');
insert into natsweep.vantage_fault select site_id, at, sweep_id, '' from natsweep.sweep_result where sweep_id = :faulty;
select natsweep.renew_site_last(array[:berlin]::bigint[]) \g /dev/null
select is((select array[l.sweep_id, l.base_sweep_id] from natsweep.site_last l where site_id = :berlin), array[:mended, :base]::bigint[],
  'it was the server: the sweep before and its recheck count again');

-- At each site what fails there.
select natsweep.request_sweep('{"all": true}', '@3cx') \g /dev/null
select natsweep.cancel_request(r.request_id) from natsweep.request r \g /dev/null
select pg_temp.sweep('21 days', :'profile', '[[1, "pass", "{[5060,5061),[9000,9009)}"], [1, "closed", "{[9009,9010)}"], [2, "pass", "{[443,444)}"]]') \g /dev/null
select pg_temp.sweep('21 days', :'profile', '[[1, "closed", "{[5060,5061),[9004,9006)}"], [2, "pass", "{[443,444)}"]]', home => 'munich') \g /dev/null
select pg_temp.sweep('21 days', :'profile', '[[1, "pass", "{[5060,5061),[9000,9010)}"], [2, "pass", "{[443,444)}"]]', home => 'bonn') \g /dev/null
select natsweep.request_sweep('{"all": true}', '@failing') as own \gset
select results_eq(format('select site_id, firsts, lasts, roles, groups from natsweep.claim_sweeps(%s, %L, 10) order by site_id', :one,
    array[:berlin_agent, :munich_agent, :bonn_agent]),
  format($$values (%s::bigint, '{7000,9009,5001}'::integer[], '{7000,9009,5001}'::integer[], '{2,4,5}'::smallint[], '{0,0,1}'::smallint[]),
    (%s, '{5060,9004}', '{5060,9005}', '{2,4}', '{0,0}')$$, :berlin, :munich),
  'each site gets its own ports, and one where nothing fails is left alone');
select is((select array[total, ports_total] from natsweep.request_progress where request_id = :own), '{2,6}', 'which are counted');
select is((select port_count from natsweep.request where request_id = :own), 6, 'the request has them all');
select count(*) from natsweep.sweep_step_all(array(select sweep_id from natsweep.sweep where request_id = :own), 'lost') \g /dev/null
update natsweep.request set attempts = 2 where request_id = :own;
select is(natsweep.retry_sweeps(), 2, 'they are tried again');
select set_eq(format('select site_id, ranges::text from natsweep.sweep where request_id = %s and attempt = 2', :own),
  format('select site_id, ranges::text from natsweep.sweep where request_id = %s and attempt = 1', :own), 'with the same ports');
select pg_temp.sweep('22 days', '{"(1,1,2100,4,1,0)"}',
  jsonb_build_array(jsonb_build_array(1, 'closed', (select range_agg(int4range(2 * n, 2 * n + 1)) from generate_series(1, 1025) n)::text)),
  home => 'munich') \g /dev/null
select throws_ok($$select natsweep.request_sweep('{"all": true}', '@failing')$$, '22023',
  format('at site %s the ports that fail make %s ranges; 1024 are allowed', :munich, 1027), 'no more ranges than a command can carry');
select * from finish();
rollback;
