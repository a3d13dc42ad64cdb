-- Judgement of sites from stored facts.
begin;
\ir fixture/fleet.sql
\ir fixture/history.sql
-- Midday of a day that lies within the months there are.
select date_trunc('month', now(), 'utc') + interval '12 hours' as start \gset
create function pg_temp.changes(of_site bigint) returns table (what text, before text, after text) language sql as $$
  select c.what, c.before, c.after from natsweep.site_change c where c.site_id = of_site order by c.at, c.what
$$;

-- What changed.
select pg_temp.swept(:berlin, timestamptz :'start' - interval '4 days', 'supported') \g /dev/null
select is(natsweep.judge(), 1, 'a report is judged');
select is(natsweep.judge(), 0, 'once');
select is_empty('select from natsweep.site_change', 'a first sweep changes nothing');
select pg_temp.swept(:berlin, timestamptz :'start' - interval '3 days', 'partial', '{[9000,9002),[9005,9006)}',
  '{"public_address": "203.0.113.99", "nat_class": 5, "sip_alg": false}') \g /dev/null
select pg_temp.swept(:berlin, timestamptz :'start' - interval '2 days', 'partial', '{[9005,9006)}',
  '{"public_address": "203.0.113.99", "nat_class": 8, "sip_alg": true}') \g /dev/null
select is(natsweep.judge(), 1, 'two reports of a site are judged together');
select results_eq(format('select * from pg_temp.changes(%s)', :berlin), $$values
  ('nat_class', 'port_restricted_cone', 'symmetric'),
  ('outcome', 'supported', 'partial'),
  ('ports', 'none', '9000-9001/udp,9005/udp'),
  ('public_address', format('203.0.113.%s', (select site_id from natsweep.site where name = 'berlin')), '203.0.113.99'),
  ('alg', 'none', 'sip'),
  ('ports', '9000-9001/udp,9005/udp', '9005/udp')$$, 'changes are what was and what is; what is unknown is no change');
select results_eq(format('select outcome, alg, changed_at, failing_since, flapping, shared_address, cause from natsweep.site_status where site_id = %s', :berlin),
  format($$values ('partial', 'sip', timestamptz %L, timestamptz %L, false, false, 'Nothing from outside arrives: the port is not forwarded to this host, or a firewall drops what comes in.')$$,
    timestamptz :'start' - interval '2 days', timestamptz :'start' - interval '3 days'), 'the site''s status knows since when, and why');

-- A report that comes late, and history anew.
select pg_temp.swept(:berlin, timestamptz :'start' - interval '60 hours', 'supported') \g /dev/null
select is(natsweep.judge(), 1, 'a late report is judged');
select results_eq(format($$select before, after from pg_temp.changes(%s) where what = 'ports'$$, :berlin),
  $$values ('none', '9000-9001/udp,9005/udp'), ('9000-9001/udp,9005/udp', 'none'), ('none', '9005/udp')$$, 'and put between those there are');
create temporary table before_again as select * from natsweep.change;
delete from natsweep.change where what <> 'ports';
update natsweep.change set after = 'nonsense', sweep_id = -1;
select is(natsweep.judge_again(), 1, 'history can be judged again');
select is(natsweep.judge(), 1, 'and is');
select set_eq('select * from natsweep.change', 'select * from before_again', 'with the same result');

-- Sweeps of other ports are not compared.
select pg_temp.swept(:berlin, timestamptz :'start' - interval '40 hours', 'supported', null, '{"port_count": 1, "pass_count": 1}') \g /dev/null
select pg_temp.swept(:berlin, timestamptz :'start' - interval '39 hours', 'cancelled') \g /dev/null
select natsweep.judge() \g /dev/null
select is_empty(format('select from natsweep.change where site_id = %s and at > %L', :berlin, timestamptz :'start' - interval '41 hours') || $$ and what = 'outcome'$$,
  'a sweep of one port mends nothing, a cancelled one breaks nothing');

-- Every kind of change, there and back.
select natsweep.create_site('Acme', 'changing') as changing \gset
select pg_temp.swept(:changing, timestamptz :'start' - make_interval(hours => 4 - n),
    case n when 1 then 'partial' else 'supported' end, case n when 1 then '{[9003,9004)}'::int4multirange end,
    case n when 1 then '{"nat_class": 5, "public_address": "198.51.100.9", "sip_alg": false, "generic_alg": true}'
      else '{"nat_class": 2, "public_address": "198.51.100.8", "sip_alg": false, "generic_alg": false}' end::jsonb)
  from generate_series(0, 2) n \g /dev/null
-- The other address family has an address, a NAT and an ALG of its own.
select pg_temp.swept(:changing, timestamptz :'start' - interval '90 min', 'supported', null,
  '{"nat_class": 1, "family": 6, "public_address": "2001:db8::1", "sip_alg": true}') \g /dev/null
select natsweep.judge() \g /dev/null
select results_eq(format('select * from pg_temp.changes(%s)', :changing), $$values
  ('alg', 'none', 'generic'), ('nat_class', 'full_cone', 'symmetric'), ('outcome', 'supported', 'partial'),
  ('ports', 'none', '9003/udp'), ('public_address', '198.51.100.8', '198.51.100.9'),
  ('alg', 'generic', 'none'), ('nat_class', 'symmetric', 'full_cone'), ('outcome', 'partial', 'supported'),
  ('ports', '9003/udp', 'none'), ('public_address', '198.51.100.9', '198.51.100.8')$$, 'every kind of change is seen');
select bag_eq(format('select distinct what from pg_temp.changes(%s)', :changing),
  $$select btrim(regexp_replace(w, '\(.*', '')) from regexp_split_to_table(rtrim(regexp_replace(
    col_description('natsweep.change'::regclass, 4), ' or ', ', '), '.'), ', ') w$$, 'those that the table names');

-- Flapping.
select pg_temp.swept(:munich, now() - interval '6 days' + n * interval '1 hour', case when n % 2 = 0 then 'supported' else 'partial' end, case when n % 2 = 1 then '{[9000,9001)}'::int4multirange end)
  from generate_series(0, 3) n \g /dev/null
select natsweep.judge() \g /dev/null
select ok(not flapping, 'three changes are none too many') from natsweep.site_status where site_id = :munich;
select pg_temp.swept(:munich, now() - interval '5 days', 'supported') \g /dev/null
select natsweep.judge() \g /dev/null
select ok(flapping, 'four within a week are') from natsweep.site_status where site_id = :munich;
select is((select failing_since from natsweep.site_status where site_id = :munich), null, 'a supported site does not fail');
update natsweep.site_judgement set flapping_until = now() where site_id = :munich;
select ok(not flapping, 'it passes with time') from natsweep.site_status where site_id = :munich;

-- One address, two customers.
select pg_temp.swept(:vienna, now() - interval '1 hour', 'unsupported', null, '{"public_address": "198.51.100.7"}') \g /dev/null
select natsweep.judge() \g /dev/null
select is((select cause from natsweep.site_status where site_id = :vienna), 'Nothing is forwarded to the PBX.', 'alone, a site has itself to blame');
select pg_temp.swept(:bonn, now() - interval '50 min', 'unsupported', null, '{"public_address": "198.51.100.7"}') \g /dev/null
select natsweep.judge() \g /dev/null
select set_eq($$select site from natsweep.site_status where shared_address and cause like '%CGNAT%'$$, $$values ('vienna'), ('bonn')$$, 'an address of two customers is CGNAT, for both');
select pg_temp.swept(:bonn, now() - interval '40 min', 'unsupported', null, '{"public_address": "198.51.100.8"}') \g /dev/null
select natsweep.judge() \g /dev/null
select is_empty('select from natsweep.site_status where shared_address', 'until one of them has another');

-- Of a sweep that is not judged yet.
select pg_temp.swept(:bonn, now() - interval '30 min', 'partial', '{[9000,9001)}', '{"public_address": "198.51.100.8", "forwarding": 2}') \g /dev/null
select results_eq(format('select outcome, cause, cure from natsweep.site_status where site_id = %s', :bonn), $$values ('partial', null::text, null::text)$$,
  'nobody is told the cause of an earlier sweep for that of the newest');
select natsweep.judge() \g /dev/null
select isnt((select cause from natsweep.site_status where site_id = :bonn), null, 'until it is judged');

-- A server that is out of order.
select natsweep.create_site('Beta', 'site-' || n) from generate_series(1, 3) n \g /dev/null
create temporary table fleet as select site_id, row_number() over (order by site_id) as n from natsweep.site where name like 'site-%' or name = 'munich';
select pg_temp.swept(site_id, now() - interval '1 day' + n * interval '1 min', 'supported', null, '{"server_name": "b"}') from fleet \g /dev/null
select natsweep.judge() \g /dev/null
create temporary table calm as select * from natsweep.change;
select pg_temp.swept(site_id, now() - interval '10 hours' + n * interval '1 min', 'not_run', null, '{"server_name": "b", "public_address": null}') from fleet where n <= 2 \g /dev/null
select natsweep.judge() \g /dev/null
select is_empty('select from natsweep.vantage_event', 'two sites may fail by themselves');
select is((select count(*) from natsweep.change where what = 'outcome' and after = 'not_run'), 2::bigint, 'and have changed');
select pg_temp.swept(site_id, now() - interval '10 hours' + n * interval '1 min', 'not_run', null, '{"server_name": "b", "public_address": null}') from fleet where n > 2 \g /dev/null
select natsweep.judge() \g /dev/null
select results_eq('select server_name, first_seen, last_seen, sites from natsweep.vantage_event',
  $$values ('b', now() - interval '10 hours' + interval '1 min', now() - interval '10 hours' + interval '4 min', 4::bigint)$$, 'four at once are one event');
select set_eq('select * from natsweep.change', 'select * from calm', 'and no site has changed');
select is_empty($$select site from natsweep.site_status s join fleet using (site_id) where outcome <> 'supported'$$, 'nor failed');
select is((select pass_count from natsweep.site_last l join fleet using (site_id) where n = 1), 11, 'its last judgement is the one before');
select pg_temp.swept((select site_id from fleet where n = 4), now() - interval '10 hours' + interval '150 s', 'supported', null, '{"server_name": "b"}') \g /dev/null
select natsweep.judge() \g /dev/null
select is_empty('select from natsweep.vantage_event', 'a late report that the server was well takes it back');
select is((select count(*) from natsweep.change where what = 'outcome' and after = 'not_run'), 4::bigint, 'and the sites have failed after all');

-- Causes.
select is((natsweep.site_cause(o, c, f, a, d, s, 'm', '{p,q}'))[1], sentence, sentence)
from (values
  ('supported', 'full_cone', 'complete', 'none', false, true, null),
  ('supported', 'full_cone', 'complete', 'sip', false, false, 'A SIP ALG rewrites messages on the way.'),
  ('supported', 'full_cone', 'complete', 'generic', false, false, 'Something rewrites addresses in payloads on the way.'),
  ('not_run', 'unknown', null, null, null, false, 'm'),
  ('not_run', 'udp_blocked', null, null, null, false, 'No UDP at all gets out of this site.'),
  ('unsupported', 'full_cone', 'none', 'none', true, false, 'There are two NATs in a row, and nothing gets through both.'),
  ('unsupported', 'symmetric', 'none', 'none', false, false, 'The NAT is symmetric and nothing is forwarded.'),
  ('partial', 'full_cone', 'partial', 'sip', false, false, 'p')
) as t (o, c, f, a, d, s, sentence);
select is((natsweep.site_cause('unsupported', 'full_cone', 'none', 'none', true, false, 'm', natsweep.port_explanation('tcp', 'wrong_host', null, null)))[1],
  'Something else takes the connections: another host that the port is forwarded to, or the router itself.', 'what a connection proved comes before what silence suggests');
select is(natsweep.port_list('tcp', '{[1,2),[5,8)}'), '1/tcp,5-7/tcp', 'ports as people write them');
select is(natsweep.port_list('udp', (select range_agg(int4range(2 * n, 2 * n + 1)) from generate_series(1, 42) n)) like '2/udp,%,80/udp and 2 more ranges', true, 'and no more than they read');

-- Who is told.
select is(pg_temp.as_role('vera', 'select count(*) from natsweep.site_change where customer <> ''Acme'''), '0', 'nobody learns of another''s changes');
select is(pg_temp.as_role('olga', 'select natsweep.judge_again()'), '42501 permission denied for function judge_again', 'history is the administrators''');
select is(pg_temp.as_role('adam', 'select natsweep.judge_again() > 0'), 'true', 'who can have it judged anew');
select is(natsweep.judge(1), 1, 'bit by bit');
select is(pg_temp.as_role('carla', 'select natsweep.tick() > 0'), 'true', 'and the tick goes on with it');
select is_empty('select from natsweep.judge_due', 'to the end');
select * from finish();
rollback;
