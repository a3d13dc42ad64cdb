begin;
\ir fixture/fleet.sql

select natsweep.request_sweep('{"customer": "Acme"}') as request \gset
select results_eq(format('select total, no_agent, queued, finished, ports_done, ports_total from natsweep.request_progress where request_id = %s', :request),
  $$values (2::bigint, 1, 2::bigint, false, 0::bigint, 4016::bigint)$$, 'one sweep a site with an agent; the others are counted');
select results_eq(format('select site_id, agent_id, state, at, generation from natsweep.sweep where request_id = %s order by site_id', :request),
  format('values (%s::bigint, %s::bigint, ''queued'', null::timestamptz, 0), (%s, %s, ''queued'', null, 0)', :berlin, :berlin_agent, :munich, :munich_agent),
  'they wait, without a time of their own');
select is((select array[expires_at::text, pace_pps::text, patience_s::text, family::text, mode::text] from natsweep.request where request_id = :request),
  array[(now() + interval '1 hour')::text, '400', '60', '4', '1'], 'what is not said has its default');

select natsweep.request_sweep('{"site": "berlin"}', '5060/udp',
  '{"family": 6, "mode": "live", "pace": 50, "patience_s": 5, "deadline_s": 77, "expires_s": 30}') as request \gset
select results_eq(format('select family, mode, pace_pps, patience_s, deadline_s, expires_at from natsweep.request where request_id = %s', :request),
  $$values (6::smallint, 2::smallint, 50, 5, 77, now() + interval '30 s')$$, 'options are heeded');

select natsweep.request_sweep('{"site": "berlin"}', '1-65535/udp,1-65535/tcp', '{"pace": 1}') as request \gset
select is((select deadline_s from natsweep.request where request_id = :request), 86400, 'no command may run for more than a day');
create function pg_temp.refused(options jsonb, sentence text) returns text language sql as $$
  select throws_ok(format('select natsweep.request_sweep(''{"all": true}'', ''5060/udp'', %L::jsonb)', options), '22023', sentence, options::text)
$$;
select pg_temp.refused('{"speed": 1}', 'options: unknown option "speed"');
select pg_temp.refused('[]', 'options: they must be an object, not []');
select pg_temp.refused('{"family": 5}', 'options: "family" must be 4 or 6, not "5"');
select pg_temp.refused('{"mode": "wild"}', 'options: "mode" must be one of auto, live, exclusive, not "wild"');
select pg_temp.refused('{"pace": 5001}', 'options: "pace" must be a whole number from 0 to 5000, not "5001"');
select pg_temp.refused('{"pace": "-1"}', 'options: "pace" must be a whole number from 0 to 5000, not "-1"');
select pg_temp.refused('{"pace": "1e3"}', 'options: "pace" must be a whole number from 0 to 5000, not "1e3"');
select pg_temp.refused('{"expires_s": 0}', 'options: "expires_s" must be a whole number from 1 to 2592000, not "0"');
select throws_ok($$select natsweep.request_sweep('{"all": true}', '5060/udp,x')$$, '22023',
  'port list: "x" is not a port, a range or a profile', 'a bad port list is refused');
-- A million ports, one by one: refused before the first of them is looked at.
set local track_functions = 'pl';
select throws_ok(
  $$select natsweep.request_sweep('{"all": true}', (select string_agg(n % 65535 + 1 || '/udp', ',') from generate_series(1, 1000000) n))$$,
  '22023', 'port list: it has 1000000 parts; 1024 are allowed', 'a request of a million ports is refused');
select is_empty('select from pg_stat_xact_user_functions where funcname = ''port_item''', 'at once');
select is((select count(*) from natsweep.request), 3::bigint, 'refused requests leave nothing');
select is((select count(*) from natsweep.audit where what = 'request_sweep'), 3::bigint, 'nor are they written down');

-- Cancel.
select natsweep.request_sweep('{"customer": "Acme"}', '5060/udp') as request \gset
select is(natsweep.cancel_request(:request), 2, 'what waits is cancelled');
select is(natsweep.cancel_request(:request), 0, 'once');
select results_eq(format('select total, cancelled, queued, finished, cancelled_by from natsweep.request_progress where request_id = %s', :request),
  $$values (2::bigint, 2::bigint, 0::bigint, true, session_user)$$, 'and counted');
select natsweep.request_sweep('{"site": "berlin"}', '5060/udp') as ended \gset
update natsweep.sweep set expires_at = now() where request_id = :ended;
select natsweep.tick() \g /dev/null
select is(natsweep.cancel_request(:ended), 0, 'what has ended is left as it is');
select is((select cancelled_by from natsweep.request where request_id = :ended), null, 'and nobody cancelled it');
select is((select distinct message from natsweep.sweep where request_id = :request), 'cancelled by ' || session_user, 'with the reason');
select is_empty(format('select * from natsweep.sweeps_to_cancel(%s)', :one), 'no agent has to be told');
select throws_ok('select natsweep.cancel_request(4711)', 'P0002', 'there is no request 4711', 'an unknown request is refused');

-- Without a vantage nothing can be swept.
select natsweep.drop_vantage('first') \g /dev/null
select throws_ok($$select natsweep.request_sweep('{"all": true}')$$, '55000', 'there is no STUN server to sweep against; nothing was asked', 'no vantage, no request');
select throws_ok($$select natsweep.drop_vantage('first')$$, 'P0002', 'there is no vantage "first"', 'an unknown vantage is refused');
select throws_ok($$select natsweep.set_vantage('v', 'a b')$$, '22023', '"a b" is no HOST[:PORT]', 'a server is a host and a port');
select throws_ok($$select natsweep.set_vantage('v', 'stun.example:65536')$$, '22023', '"stun.example:65536" is no HOST[:PORT]', 'a port is a port');
select throws_ok(format($$select natsweep.set_vantage('v', %L)$$, repeat('a', 250) || ':65535'), '22023', '"' || repeat('a', 250) || ':65535" is no HOST[:PORT]',
  'and no name is longer than a command can carry');
select throws_ok($$select natsweep.set_vantage(' v', 'stun.example')$$, '22023',
  '" v" is no name for a vantage; use 1 to 256 bytes on one line, no blanks at the ends, no control characters', 'it has a name');
select throws_ok($$select natsweep.set_vantage('v', null)$$, '22023', '"<NULL>" is no HOST[:PORT]', 'and needed');
select lives_ok($$select natsweep.set_vantage('v', '[2001:db8::1]:3478', 'turn.example', '198.51.100.1')$$, 'addresses of both families and names are servers');
select * from finish();
rollback;
