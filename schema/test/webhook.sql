-- Webhooks: what is told to whom, when, how often, and what is kept quiet.
begin;
set local client_min_messages = error; -- what is given up is told as a warning
\ir fixture/fleet.sql
\ir fixture/history.sql
select '00000000-0000-0000-0000-000000000001' as a, '00000000-0000-0000-0000-000000000002' as b \gset
create function pg_temp.claimed(sender text, count_max integer default 10) returns setof text language sql as $$
  select c.event || ' ' || coalesce(c.body::jsonb ->> 'site', c.body::jsonb ->> 'server', '') from natsweep.claim_webhooks(sender::uuid, count_max) c
$$;
create function pg_temp.done(who text, code integer, why text default null) returns setof text language sql as $$
  select natsweep.webhook_done(who::uuid, d.delivery_id, code, why) from natsweep.webhook_delivery d where d.lease = who::uuid order by d.created_at, d.subject
$$;
-- As if so much time had passed.
create function pg_temp.later(much interval) returns void language plpgsql as $$
begin
  update natsweep.webhook_delivery set created_at = created_at - much, next_at = next_at - much, lease_until = lease_until - much, ended_at = ended_at - much;
  update natsweep.webhook set next_at = next_at - much, created_at = created_at - much;
  update natsweep.vantage_fault set at = at - much;
end
$$;

-- Making one.
create function pg_temp.refused(url text, secret bytea, hold interval, sentence text) returns text language sql as $$
  select is(pg_temp.as_role('adam', format('select natsweep.add_webhook(%L, %L, %L, %L, %L)', 'Acme', 'x', url, secret, hold)), sentence, coalesce(url, 'null'))
$$;
select pg_temp.refused(u, sha256(''), '0', '22023 a webhook is an address such as https://host.example/path: encrypted, without a name and password in it')
  from unnest(array['http://example.net/', 'https://', 'https:///x', 'https://user:password@example.net/', 'ftp://example.net', 'https://example.net/a b',
    E'https://example.net/a\nb', 'https://example.net/#x', 'https://example.net/' || repeat('x', 2048), null]) u;
select pg_temp.refused('https://example.net', '\x00', '0', '22023 the secret must have 16 to 256 bytes');
select pg_temp.refused('https://example.net', sha256(''), '2 days', '22023 changes can be held for up to a day, not "2 days"');
select matches(pg_temp.as_role('adam', $$select natsweep.add_webhook('Acme', 'chat', 'https://hooks.example.net:8443/T0/secret?x=1', sha256('acme'))$$), '^\d+$', 'an administrator makes one');
select is(pg_temp.as_role('adam', $$select natsweep.add_webhook('Acme', 'chat', 'https://a.example', sha256('acme'))$$), '23505 the customer "Acme" has a webhook "chat" already', 'once');
select is(pg_temp.as_role('olga', $$select natsweep.add_webhook('Acme', 'x', 'https://a.example', sha256('acme'))$$), '42501 permission denied for function add_webhook', 'an operator does not');
select is(pg_temp.as_role('adam', $$select natsweep.add_webhook('Acme', ' x', 'https://a.example', sha256('acme'))$$),
  '22023 " x" is no name for a webhook; use 1 to 256 bytes on one line, no blanks at the ends, no control characters', 'with a name');
select natsweep.add_webhook('Beta', 'chat', 'https://beta.example', sha256('beta'), '0') \g /dev/null
select pg_temp.later('1 day') \g /dev/null

-- Who sees what.
select is(pg_temp.as_role(w, 'select string_agg(host, '' '') from natsweep.webhook_status'), h, w || ' sees the hosts of their own')
  from (values ('vera', 'hooks.example.net:8443'), ('boris', 'beta.example')) as v (w, h);
select is(pg_temp.as_role(w, format('select %s from natsweep.webhook limit 1', c)), '42501 permission denied for table webhook', format('%s reads no %s', w, c))
  from unnest('{vera,olga,adam,carla}'::text[]) w cross join unnest('{secret,url}'::text[]) c;
select is(pg_temp.as_role(w, format('select count(*) from natsweep.claim_webhooks(%L, 1)', gen_random_uuid())), '42501 permission denied for function claim_webhooks', w || ' gets them in no other way')
  from unnest('{vera,olga,adam}'::text[]) w;

-- A change is held, told once, and signed for by one sender.
select pg_temp.swept(:berlin, now() - interval '3 hours', 'supported'), pg_temp.swept(:bonn, now() - interval '3 hours', 'supported') \g /dev/null
select natsweep.judge() \g /dev/null
select is((select count(*) from natsweep.webhook_delivery), 0::bigint, 'a first sweep is no change');
select pg_temp.swept(:berlin, now() - interval '2 hours', 'partial', '{[9000,9001)}') as failed \gset
select natsweep.judge() \g /dev/null
select is((select count(*) from natsweep.webhook_delivery), 1::bigint, 'a sweep with changes is one event');
select is_empty(format('select pg_temp.claimed(%L)', :'a'), 'which is held');
select pg_temp.later('2 min') \g /dev/null
select results_eq(format('select pg_temp.claimed(%L)', :'a'), $$values ('site_change berlin')$$, 'and then told');
select is_empty(format('select pg_temp.claimed(%L)', :'b'), 'by one sender');
select is(pg_temp.as_role('vera', $$select body::jsonb -> 'changes' from natsweep.webhook_delivery$$)::jsonb,
  '[{"what": "outcome", "before": "supported", "after": "partial"}, {"what": "ports", "before": "none", "after": "9000/udp"}]'::jsonb, 'with what changed');
select is((select body::jsonb ->> 'id' from natsweep.webhook_delivery), (select delivery_id::text from natsweep.webhook_delivery), 'and its number');
select is(natsweep.webhook_done(:'b', delivery_id, 200, null), 'not yours', 'another cannot say that it arrived') from natsweep.webhook_delivery;
select pg_temp.later('61 s') \g /dev/null
select results_eq(format('select pg_temp.claimed(%L)', :'b'), $$values ('site_change berlin')$$, 'a sender that dies loses it to the next');
select is(natsweep.webhook_done(:'a', delivery_id, 200, null), 'not yours', 'and has no more say') from natsweep.webhook_delivery;
create temporary table body_before as select body from natsweep.webhook_delivery;

-- Failure and back-off.
select results_eq(format('select pg_temp.done(%L, 500)', :'b'), $$values ('waiting')$$, 'a failure waits');
select is_empty(format('select pg_temp.claimed(%L)', :'a'), 'with the whole webhook');
select results_eq($$select waiting, failures, last_status, failing_since is not null, next_attempt > now() from natsweep.webhook_status where customer = 'Acme'$$,
  $$values (1::bigint, 1, 500, true, true)$$, 'and people see it');
select pg_temp.later('10 s') \g /dev/null
select results_eq(format('select pg_temp.claimed(%L)', :'a'), $$values ('site_change berlin')$$, 'then it is tried again');
select is((select body from natsweep.webhook_delivery), (select body from body_before), 'word for word');
select results_eq(format('select pg_temp.done(%L, null, %L)', :'a', 'connection refused'), $$values ('waiting')$$, 'no answer is a failure, too');
select cmp_ok((select next_at - now() from natsweep.webhook where customer_id = :acme), '>=', interval '10 s', 'and the wait doubles');
select pg_temp.later('20 s') \g /dev/null
select pg_temp.claimed(:'a') \g /dev/null
select results_eq(format('select pg_temp.done(%L, 302)', :'a'), $$values ('waiting')$$, 'a redirect is none');
select pg_temp.later('40 s') \g /dev/null
select pg_temp.claimed(:'a') \g /dev/null
select results_eq(format('select pg_temp.done(%L, 204)', :'a'), $$values ('delivered')$$, 'until it arrives');
select results_eq($$select waiting, failures, delivered, failing_since from natsweep.webhook_status where customer = 'Acme'$$, $$values (0::bigint, 0, 1::bigint, null::timestamptz)$$, 'and all is well');
select natsweep.judge_again() \g /dev/null
select natsweep.judge() \g /dev/null
select is((select count(*) from natsweep.webhook_delivery), 1::bigint, 'history judged again tells nothing twice');

-- A failing webhook gets one attempt at a time, and one bad event does not hold up the others.
select natsweep.test_webhook('Beta', 'chat') from generate_series(1, 6) \g /dev/null
select is((select count(*) from pg_temp.claimed(:'a')), 4::bigint, 'four at a time');
select is((select count(*) from pg_temp.claimed(:'b')), 0::bigint, 'for all senders together');
select pg_temp.done(:'a', 400) \g /dev/null
select pg_temp.later('1 hour') \g /dev/null
select is((select count(*) from pg_temp.claimed(:'a')), 1::bigint, 'one while it fails');
select is((select attempts from natsweep.webhook_delivery where lease = :'a'), 1, 'one that was not tried yet');
select pg_temp.done(:'a', 200) \g /dev/null
select is((select count(*) from pg_temp.claimed(:'a')), 4::bigint, 'and again four');
select pg_temp.done(:'a', 200) \g /dev/null
select pg_temp.claimed(:'a') \g /dev/null
select pg_temp.done(:'a', 200) \g /dev/null
select is((select count(*) from natsweep.webhook_delivery where state = 'waiting'), 0::bigint, 'until all are there');

-- What proves untrue in time is withdrawn.
select pg_temp.swept(:berlin, now() - interval '90 min', 'supported') \g /dev/null
select natsweep.judge() \g /dev/null
delete from natsweep.change where at = now() - interval '90 min';
select pg_temp.later('2 min') \g /dev/null
select is_empty(format('select pg_temp.claimed(%L)', :'a'), 'what is not true after all is not told');
select is((select count(*) from natsweep.webhook_delivery where state = 'withdrawn'), 1::bigint, 'but written down');

-- Nobody hears of a site that is somebody else's by now.
delete from natsweep.webhook_delivery;
select pg_temp.swept(:berlin, now() - interval '80 min', 'partial', '{[9000,9001)}') \g /dev/null
select natsweep.judge() \g /dev/null
update natsweep.webhook_delivery set next_at = now();
insert into natsweep.webhook_delivery (webhook_id, customer_id, event, subject, detail, next_at)
  select webhook_id, customer_id, 'site_settled', 'moved', jsonb_build_object('site_id', :berlin), now() from natsweep.webhook where customer_id = :acme;
select natsweep.move_site('Acme', 'berlin', 'Beta') \g /dev/null
select is_empty(format('select pg_temp.claimed(%L)', :'a'), 'of a site that was moved its old customer is told nothing');
select results_eq($$select event, state from natsweep.webhook_delivery order by event$$, $$values ('site_change', 'withdrawn'), ('site_settled', 'withdrawn')$$, 'neither of changes nor that it settled');
select natsweep.move_site('Beta', 'berlin', 'Acme') \g /dev/null

-- A site that flaps is told once, and once when it settles.
delete from natsweep.webhook_delivery;
select pg_temp.swept(:munich, now() - m * interval '10 min', case m % 2 when 0 then 'supported' else 'unsupported' end) from generate_series(6, 1, -1) m \g /dev/null
select natsweep.judge() \g /dev/null
select results_eq('select event from natsweep.webhook_delivery', $$values ('site_flapping')$$, 'of a site that flaps only that is told');
select pg_temp.swept(:munich, now() - interval '5 min', 'supported') \g /dev/null
select natsweep.judge() \g /dev/null
select results_eq('select event from natsweep.webhook_delivery', $$values ('site_flapping')$$, 'and no more of it');
update natsweep.site_judgement set flapping_until = now() where site_id = :munich;
select natsweep.tend_webhooks() \g /dev/null
select pg_temp.later('2 min') \g /dev/null
select set_eq(format('select pg_temp.claimed(%L)', :'a'), $$values ('site_flapping munich'), ('site_settled munich')$$, 'until it settles');
select is((select body::jsonb ->> 'held_back' from natsweep.webhook_delivery where event = 'site_settled'), '1', 'with how much was held back');

-- An outage of a server is one message a customer, and one when it is over.
delete from natsweep.webhook_delivery;
insert into natsweep.vantage_fault select s, now() - interval '5 min', s, 'stun.example' from unnest(array[:berlin, :munich, :vienna, :bonn]) s;
select natsweep.tend_webhooks() \g /dev/null
select natsweep.tend_webhooks() \g /dev/null
select results_eq(format('select body::jsonb ->> %L, (body::jsonb ->> %L)::integer from natsweep.claim_webhooks(%L, 10) order by 1', 'customer', 'sites', :'a'),
  $$values ('Acme', 3), ('Beta', 1)$$, 'each customer hears of their own sites');
select pg_temp.done(:'a', 200) \g /dev/null
select pg_temp.later('1 hour') \g /dev/null
select natsweep.tend_webhooks() \g /dev/null
select set_eq(format('select pg_temp.claimed(%L)', :'a'), $$values ('vantage_recovered stun.example')$$, 'and when it is over');
select is((select count(*) from natsweep.webhook_delivery where event = 'vantage_recovered'), 2::bigint, 'both');

-- Bounds.
delete from natsweep.webhook_delivery;
insert into natsweep.webhook_delivery (webhook_id, customer_id, event, subject, detail, next_at, created_at)
  select webhook_id, customer_id, 'test', n::text, '{}', now(), now() - n * interval '1 s' from natsweep.webhook, generate_series(1, 10003) n where customer_id = :acme;
select natsweep.tend_webhooks() \g /dev/null
select results_eq($$select waiting, dropped from natsweep.webhook_status where customer = 'Acme'$$, $$values (10000::bigint, 3::bigint)$$, 'a queue is bounded, and what is given up is counted');
select is((select min(subject::integer) from natsweep.webhook_delivery where state = 'dropped'), 10001, 'the oldest first');
select is((select value from natsweep.metric where name = 'natsweep_webhook_dropped_events'), 3::double precision, 'aloud');
select pg_temp.later('1 day') \g /dev/null
select natsweep.tend_webhooks() \g /dev/null
select is((select waiting from natsweep.webhook_status where customer = 'Acme'), 10000::bigint, 'after a day without an answer nothing is lost');
select pg_temp.later('2 days') \g /dev/null
select natsweep.tend_webhooks() \g /dev/null
select results_eq($$select waiting, dropped from natsweep.webhook_status where customer = 'Acme'$$, $$values (0::bigint, 10003::bigint)$$, 'after three it is given up');
select pg_temp.later('31 days') \g /dev/null
select natsweep.tend_webhooks() \g /dev/null
select is((select count(*) from natsweep.webhook_delivery), 0::bigint, 'and forgotten after a month');

-- The end of one.
select is(pg_temp.as_role('adam', $$select natsweep.remove_webhook('Acme', 'talk')$$), 'P0002 the customer "Acme" has no webhook "talk"', 'what is not there cannot be removed');
select is(pg_temp.as_role('olga', $$select natsweep.remove_webhook('Acme', 'chat')$$), '42501 permission denied for function remove_webhook', 'nor by everybody');
select is(pg_temp.as_role('adam', $$select natsweep.remove_webhook('Acme', 'chat')$$), '0', 'an administrator may');
select is(pg_temp.as_role('olga', $$select string_agg(what, ' ' order by audit_id) from natsweep.audit where what ~ 'webhook'$$), 'add_webhook remove_webhook', 'and it is written down');
select * from finish();
rollback;
