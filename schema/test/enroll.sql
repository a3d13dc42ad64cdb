begin;
\ir fixture/fleet.sql
select natsweep.create_token('Acme', null, sha256('many'), 2) as many \gset
select natsweep.create_token('Acme', 'vienna', sha256('vienna'), 1, '1 hour', true) as approve \gset

create function pg_temp.enroll(token text, key integer, hostname text) returns text language sql as $$
  select concat_ws(' ', status, customer, site) from natsweep.enroll_agent(sha256(token::bytea), pg_temp.key(key), hostname, '1.0')
$$;
select is(pg_temp.enroll('none', 1, 'pbx'), 'token_unknown', 'an unknown token');
select is(pg_temp.enroll('many', 1, 'pbx'), 'enrolled Acme pbx', 'a new key makes a site of its host''s name');
select is(pg_temp.enroll('many', 1, 'pbx'), 'enrolled Acme pbx', 'again the same');
select is((select uses_left from natsweep.enroll_token where token_id = :many), 1, 'which costs one use');
select is(pg_temp.enroll('many', 2, 'pbx'), 'enrolled Acme pbx-2', 'a name that is taken gets a number');
select is(pg_temp.enroll('many', 3, 'pbx'), 'token_used', 'a token is used up');
select is(pg_temp.enroll('many', 2, 'other'), 'enrolled Acme pbx-2', 'but still answers its agents');
select is(pg_temp.enroll('vienna', 1, 'pbx'), 'key_known', 'a key cannot move to another token');
select is(pg_temp.enroll('vienna', 4, 'pbx'), 'pending Acme vienna', 'some have to be approved');
select is(pg_temp.enroll('vienna', 4, 'pbx'), 'pending Acme vienna', 'however often they ask');
select agent_id as pending from natsweep.agent where public_key = pg_temp.key(4) \gset
select results_eq(format('select state, site, customer from natsweep.agent_keys() where agent_id = %s', :pending), $$values ('pending', 'vienna', 'Acme')$$, 'the keyring knows');
select throws_ok($$select natsweep.request_sweep('{"site": "vienna"}')$$, 'NS001', null, 'who is not approved gets no work');
select natsweep.approve_agent(:pending) \g /dev/null
select is(pg_temp.enroll('vienna', 4, 'pbx'), 'enrolled Acme vienna', 'approved');
select lives_ok($$select natsweep.request_sweep('{"site": "vienna"}')$$, 'it works');
update natsweep.enroll_token set expires_at = now(), uses_left = 1 where token_id = :many;
select is(pg_temp.enroll('many', 3, 'pbx'), 'token_expired', 'an expired token');
select is(pg_temp.enroll('many', 1, 'pbx'), 'enrolled Acme pbx', 'still answers its agents, too');
select natsweep.revoke_agent(:pending) \g /dev/null
select is(pg_temp.enroll('vienna', 4, 'pbx'), 'revoked Acme vienna', 'a revoked key stays out');
update natsweep.enroll_token set expires_at = now() + interval '1 day' where token_id = :many;
select is(pg_temp.enroll('many', 4, 'pbx'), 'revoked', 'with any token');
select is((select uses_left from natsweep.enroll_token where token_id = :many), 1, 'and uses none up');
select throws_ok(format('select natsweep.approve_agent(%s)', :pending), 'P0002', format('there is no agent %s that could be approved', :pending), 'for good');
select throws_ok('select natsweep.revoke_agent(4711)', 'P0002', 'there is no agent 4711', 'an unknown agent');
select is(pg_temp.enroll('many', 5, E'ev\u00efl\n' || repeat('x', 300)), 'enrolled Acme ev?l?' || repeat('x', 195), 'a host may call itself anything');

select throws_ok($$select natsweep.create_token('Gamma', null, sha256('x'))$$, 'P0002', 'there is no customer "Gamma"', 'a customer that is not');
select throws_ok($$select natsweep.create_token('Acme', 'bonn', sha256('x'))$$, 'P0002', 'the customer "Acme" has no site "bonn"', 'a site that is another''s');
select throws_ok($$select natsweep.create_token('Acme', null, sha256('x'), 0)$$, '22023', 'a token can be used 1 to 100000 times, not 0', 'no uses');
select throws_ok($$select natsweep.create_token('Acme', null, sha256('x'), 1, '-1 day')$$, '22023', 'a token lives up to 366 days, not "-1 days"', 'no life');
select throws_ok($$select natsweep.create_token('Acme', null, 'short')$$, '23514', null, 'a hash has 32 bytes');
select throws_ok($$select natsweep.create_customer('Acme')$$, '23505', 'there is a customer "Acme" already', 'a customer twice');
select throws_ok($$select natsweep.create_customer(' ')$$, '22023', '" " is no name for a customer; use 1 to 256 bytes on one line, no blanks at the ends, no control characters', 'a blank name');
select throws_ok($$select natsweep.create_site('Acme', 'berlin')$$, '23505', 'the customer "Acme" has a site "berlin" already', 'a site twice');
select lives_ok($$select natsweep.create_site('Beta', 'berlin')$$, 'but each customer may have one of that name');
select natsweep.tag_site('Acme', 'berlin', '{west}') \g /dev/null
select is((select tags from natsweep.site_status where site_id = :berlin), '{west}', 'tags are replaced');

select natsweep.collector_publish(:one, pg_temp.key(9), '{tcp://a:1}', '{tcp://a:2}') \g /dev/null
select natsweep.collector_publish(:one, pg_temp.key(9), '{tcp://b:1}', '{tcp://b:2}') \g /dev/null
select results_eq('select endpoints, enroll_endpoints from natsweep.collector_endpoint', $$values ('{tcp://b:1}'::text[], '{tcp://b:2}'::text[])$$, 'a collector says where it is');
-- One active agent a site.
select natsweep.create_token('Acme', 'vienna', sha256('second')) \g /dev/null
select natsweep.create_token('Acme', 'vienna', sha256('third')) \g /dev/null
select is(pg_temp.enroll('second', 21, 'pbx'), 'enrolled Acme vienna', 'a host at a site');
select agent_id as second from natsweep.agent where public_key = pg_temp.key(21) \gset
select natsweep.request_sweep('{"site": "vienna"}') as request \gset
select is(pg_temp.enroll('third', 22, 'pbx'), 'enrolled Acme vienna', 'another one takes its place');
select agent_id as third from natsweep.agent where public_key = pg_temp.key(22) \gset
select is((select state from natsweep.agent where agent_id = :second), 'revoked', 'and the first is shut out');
select is((select state from natsweep.sweep where request_id = :request), 'cancelled', 'with what it had to do');
select results_eq(format('select what from natsweep.agent_event where agent_id = %s order by event_id', :second), $$values ('enrolled'), ('replaced')$$, 'which is written down');

-- A new key.
select is(natsweep.agent_new_key(:third, pg_temp.key(23)), false, 'nobody asked for a new key');
select natsweep.change_agent_key(:third) \g /dev/null
select results_eq(format('select is_next, new_key_wanted from natsweep.agent_keys() where agent_id = %s', :third), $$values (false, true)$$, 'now somebody did');
select is(natsweep.agent_new_key(:third, pg_temp.key(21)), false, 'a key that was another''s');
select is(natsweep.agent_new_key(:third, pg_temp.key(22)), false, 'the old one');
select is(natsweep.agent_new_key(:third, pg_temp.key(23)), true, 'a new one');
select is(natsweep.agent_new_key(:third, pg_temp.key(23)), true, 'and again, as the answer may be lost');
select bag_eq(format('select public_key, is_next from natsweep.agent_keys() where agent_id = %s', :third),
  'values (pg_temp.key(22), false), (pg_temp.key(23), true)', 'both are good');
select is(pg_temp.enroll('many', 23, 'pbx'), 'key_known', 'nobody enrols with it');
select natsweep.agent_key_used(:third) \g /dev/null
select natsweep.agent_key_used(:third) \g /dev/null
select results_eq(format('select public_key, is_next, new_key_wanted from natsweep.agent_keys() where agent_id = %s', :third),
  'values (pg_temp.key(23), false, false)', 'once it is used the old one is not');
select is((select count(*) from natsweep.agent_event where what = 'key_changed'), 1::bigint, 'once');
select throws_ok(format('select natsweep.change_agent_key(%s)', :second), '55000', format('agent %s is not active', :second), 'who is revoked needs no key');

-- Moving.
select natsweep.create_site('Acme', 'graz') as graz \gset
select natsweep.request_sweep('{"site": "vienna"}') as request \gset
select natsweep.move_agent(:third, 'Acme', 'graz') \g /dev/null
select is((select site_id from natsweep.agent where agent_id = :third), :graz::bigint, 'an agent moves');
select is((select state from natsweep.sweep where request_id = :request), 'cancelled', 'its sweeps of the old site do not');
select lives_ok(format('select natsweep.move_agent(%s, ''Acme'', ''graz'')', :third), 'to where it is, too');
select throws_ok(format('select natsweep.move_agent(%s, ''Acme'', ''graz'')', :second), '55000', format('agent %s is revoked', :second), 'but not when it is revoked');
select throws_ok(format('select natsweep.move_agent(%s, ''Acme'', ''nowhere'')', :third), 'P0002', 'the customer "Acme" has no site "nowhere"', 'nor to nowhere');
select throws_ok('select natsweep.move_agent(4711, ''Acme'', ''graz'')', 'P0002', 'there is no agent 4711', 'nor who is not');
select * from finish();
rollback;
