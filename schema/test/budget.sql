-- When a request's sweeps may be sent, and what becomes of those that fail.
begin;
\ir fixture/fleet.sql
\ir fixture/history.sql
select natsweep.create_site('Acme', 'more ' || n) from generate_series(1, 7) n \g /dev/null
select pg_temp.enroll('Acme', 'more ' || n) from generate_series(1, 7) n \g /dev/null
select count(*) from natsweep.agent a cross join lateral natsweep.agent_hello(:one, a.agent_id, 1, '1.0', 'host', 0, true, '{}', '{}') \g /dev/null
select array_agg(agent_id)::text as agents from natsweep.agent \gset
create function pg_temp.claim(collector bigint, max_count integer default 100) returns bigint[] language sql as $$
  select coalesce(array_agg(c.sweep_id), '{}') from natsweep.claim_sweeps(collector, (select array_agg(agent_id) from natsweep.agent), max_count) c
$$;
create function pg_temp.ask(options jsonb, selector jsonb default '{"customer": "Acme"}') returns bigint language sql as $$
  select natsweep.request_sweep(selector, '5060/udp', options)
$$;
create function pg_temp.end_all(how text, word text default 'supported') returns void language sql as $$
  select natsweep.sweep_step(array_agg(sweep_id), array_agg(how), array_agg(null::text), null, array_agg(array_position(natsweep.outcome_words(), word)::smallint))
  from natsweep.sweep where state in ('sent', 'accepted', 'running')
$$;

-- So many at a time.
select pg_temp.ask('{"in_flight": 4}') as request \gset
select is(cardinality(pg_temp.claim(:one)), 4, 'a request has so many in flight');
select is(cardinality(pg_temp.claim(:one)), 0, 'and no more');
select pg_temp.ask('{}', '{"customer": "Beta"}') as other \gset
select is(cardinality(pg_temp.claim(:one)), 1, 'which is nothing to other requests');
select count(*) from pg_temp.end_all('reported') \g /dev/null
select is(cardinality(pg_temp.claim(:one, 3)), 3, 'when some end others begin');
select is(cardinality(pg_temp.claim(:one)), 1, 'up to the limit');
select natsweep.cancel_request(:request) \g /dev/null
select natsweep.cancels_told(:one, array(select sweep_id from natsweep.sweeps_to_cancel(:one))) \g /dev/null

-- At one address.
select pg_temp.swept(site_id, now() - interval '1 hour', 'supported', null, '{"public_address": "198.51.100.9"}') from natsweep.site where name like 'more %' \g /dev/null
select pg_temp.ask('{"per_address": 2}', '{"site": ["more 1", "more 2", "more 3", "berlin"]}') as request \gset
select is(cardinality(pg_temp.claim(:one)), 3, 'two behind one address, and one that has another');
select natsweep.cancel_request(:request) \g /dev/null

-- At the server.
select natsweep.set_vantage('first', '203.0.113.10:3478', in_flight_max => 5) \g /dev/null
select pg_temp.ask('{"in_flight": 2, "priority": 1}') as low \gset
select pg_temp.ask('{"priority": 9}', '{"all": true}') as high \gset
select is(cardinality(pg_temp.claim(:one)), 5, 'a server has so many in the whole fleet');
select is((select count(*) from natsweep.sweep where request_id = :high and state = 'sent'), 5::bigint, 'the most urgent ones');
select is(cardinality(pg_temp.claim(:two)), 0, 'whoever asks');
select count(*) from pg_temp.end_all('reported') \g /dev/null
select is(cardinality(pg_temp.claim(:one)), 5, 'then the next ones');
select is((select count(*) from natsweep.sweep where request_id = :low and state = 'sent'), 0::bigint, 'and the others wait');
select natsweep.set_vantage('first', '203.0.113.10:3478') \g /dev/null
select natsweep.cancel_request(r) from unnest(array[:low, :high]) r \g /dev/null

-- Not now.
select pg_temp.ask('{"not_before": "2 hours", "expires_s": 60, "attempts": 3}') as later \gset
select is(pg_temp.claim(:one), '{}', 'not before its time');
select is((select expires_at from natsweep.request where request_id = :later), now() + interval '2 hours 1 min', 'from which on it expires');
select pg_temp.ask('{"jitter_s": 600}', '{"site": "berlin"}') as spread \gset
select ok(not_before between now() and now() + interval '10 min', 'sites are spread over a time') from natsweep.sweep where request_id = :spread;
select natsweep.cancel_request(:spread) \g /dev/null
select pg_temp.ask(jsonb_build_object('time_zone', 'Asia/Kolkata', 'quiet_hours',
  to_char(now() at time zone 'Asia/Kolkata' - interval '1 min', 'HH24:MI-') || to_char(now() at time zone 'Asia/Kolkata' + interval '2 min', 'HH24:MI'))) as quiet \gset
select is(pg_temp.claim(:one), '{}', 'not in quiet hours');
update natsweep.request set quiet_hours = to_char(now() at time zone 'Asia/Kolkata' + interval '2 min', 'HH24:MI-') || to_char(now() at time zone 'Asia/Kolkata' + interval '3 min', 'HH24:MI')
  where request_id = :quiet;
select is(cardinality(pg_temp.claim(:one)), 9, 'but after them, and what waits for its time does not stand in the way');
select natsweep.cancel_request(:quiet) \g /dev/null
select results_eq($$select natsweep.in_quiet_hours('22:00-06:30', 'Europe/Berlin', t) from (values (timestamptz '2026-01-10 21:00Z'), ('2026-01-10 05:29Z'), ('2026-01-10 05:30Z'),
    ('2026-07-10 20:00Z'), ('2026-07-10 19:59Z')) v (t)$$, 'values (true), (true), (false), (true), (false)', 'quiet hours may pass midnight, and follow the summer');

-- Held and let go.
select pg_temp.ask('{}') as held \gset
select natsweep.pause_request(:held), natsweep.pause_request(:held) \g /dev/null
select is(pg_temp.claim(:one), '{}', 'a paused request sends nothing');
select results_eq(format('select paused_by::text, paused_why, queued from natsweep.request_progress where request_id = %s', :held), $$values (session_user::text, null::text, 9::bigint)$$, 'and says who did it');
select natsweep.resume_request(:held), natsweep.resume_request(:held) \g /dev/null
select is(cardinality(pg_temp.claim(:one, 6)), 6, 'until it goes on');
select natsweep.pause_request(:held) \g /dev/null
select is(natsweep.cancel_request(:held), 9, 'a paused one can be cancelled');
select throws_ok(format('select natsweep.%s_request(%s)', f, :held), '55000', format('request %s has ended', :held), f || ' what has ended') from unnest('{pause,resume}'::text[]) f;
select is(pg_temp.as_role('boris', format('select natsweep.%s_request(%s)', f, :later)), format('P0002 there is no request %s', :later), f || ' another''s') from unnest('{pause,resume}'::text[]) f;

-- Too many fail.
select pg_temp.ask('{"stop_percent": 40, "in_flight": 5}') as failing \gset
select pg_temp.claim(:one) as first_claim \g /dev/null
select natsweep.sweep_step(array_agg(sweep_id), array_agg(case when n < 3 then 'refused' else 'reported' end), array_agg(null::text), null,
  array_agg(case when n < 3 then null else 1 end::smallint))
from (select sweep_id, row_number() over (order by sweep_id) as n from natsweep.sweep where request_id = :failing and state = 'sent') s where n <= 4 \g /dev/null
select natsweep.tick() \g /dev/null
select is((select paused_at from natsweep.request where request_id = :failing), null, 'four are too few to tell');
select count(*) from pg_temp.end_all('reported', 'not_run') \g /dev/null
select natsweep.tick() \g /dev/null
select is((select paused_why from natsweep.request where request_id = :failing), '3 of 5 sweeps failed', 'more than 40 % of five are enough');
select is(pg_temp.claim(:one), '{}', 'nothing more is sent');
select natsweep.resume_request(:failing) \g /dev/null
select natsweep.tick() \g /dev/null
select is((select paused_at from natsweep.request where request_id = :failing), null, 'who lets it go on has seen these failures');
select natsweep.cancel_request(:failing) \g /dev/null

-- Again.
select pg_temp.ask('{"attempts": 2}', '{"site": ["berlin", "munich"]}') as again \gset
select pg_temp.claim(:one) \g /dev/null
select count(*) from pg_temp.end_all('reported', 'not_run') \g /dev/null
select natsweep.tick() \g /dev/null
select is(pg_temp.claim(:one), '{}', 'a new attempt waits a while');
update natsweep.sweep set not_before = now() where request_id = :again;
select is(cardinality(pg_temp.claim(:one)), 2, 'then it is made');
select results_eq(format('select total, sent, done, retried, finished from natsweep.request_progress where request_id = %s', :again), 'values (2::bigint, 2::bigint, 0::bigint, 2::bigint, false)', 'each site counts once');
select natsweep.sweep_step_all(array_agg(sweep_id), 'lost') from natsweep.sweep where state = 'sent' \g /dev/null
select natsweep.tick() \g /dev/null
select results_eq(format('select total, lost, retried, finished from natsweep.request_progress where request_id = %s', :again), 'values (2::bigint, 2::bigint, 2::bigint, true)', 'and no more often than was asked');

-- What cannot be.
create function pg_temp.refused(options jsonb, sentence text) returns text language sql as $$
  select throws_ok(format('select pg_temp.ask(%L::jsonb)', options), '22023', sentence, sentence)
$$;
select pg_temp.refused('{"priority": 101}', 'options: "priority" must be a whole number from 0 to 100, not "101"');
select pg_temp.refused('{"in_flight": 0}', 'options: "in_flight" must be a whole number from 1 to 100000, not "0"');
select pg_temp.refused('{"stop_percent": 100}', 'options: "stop_percent" must be a whole number from 0 to 99, not "100"');
select pg_temp.refused('{"not_before": "soon"}', 'options: "not_before" must be a time or a delay such as "2 hours", not "soon"');
select pg_temp.refused('{"time_zone": "Mars/Base"}', 'there is no time zone "Mars/Base"');
select pg_temp.refused('{"quiet_hours": "8-18"}', 'quiet hours are HH:MM-HH:MM, such as 07:30-19:00, not "8-18"');
select pg_temp.refused('{"quiet_hours": "08:00-08:00"}', 'quiet hours are HH:MM-HH:MM, such as 07:30-19:00, not "08:00-08:00"');

-- Who did what.
select results_eq(format('select who = session_user, what, customers from natsweep.audit where (detail ->> ''request_id'')::bigint = %s order by audit_id', :held),
  format($$values (true, 'request_sweep', '{%1$s}'::bigint[]), (true, 'pause_request', '{%1$s}'), (true, 'resume_request', '{%1$s}'), (true, 'pause_request', '{%1$s}'),
    (true, 'cancel_request', '{%1$s}')$$, :acme), 'what people ask for is written down');
select is((select count(*) from natsweep.sweep where state not in (select state from natsweep.sweep_state)), 0::bigint, 'every state is legal');
select * from finish();
rollback;
