-- What the dashboard asks, and that each sees only his own.
begin;
\ir fixture/fleet.sql
\ir fixture/history.sql
select date_trunc('day', now(), 'utc') - interval '1 day' as yesterday \gset
select pg_temp.swept(:berlin, :'yesterday', 'supported') as first \gset
select pg_temp.swept(:berlin, :'yesterday'::timestamptz + interval '1 hour', 'partial', '{[9000,9003),[9009,9010)}', '{"sip_alg": true, "sip_alg_diff": "-Via: a\n+Via: b"}') as second \gset
select pg_temp.swept(:munich, :'yesterday', 'unsupported') \g /dev/null
select pg_temp.swept(:bonn, :'yesterday', 'supported') \g /dev/null
insert into natsweep.port_last select site_id, at, sweep_id, batch, part, transport, true, ports from natsweep.port_verdict
  where (site_id, at) in (select site_id, at from natsweep.site_last);
select natsweep.judge() \g /dev/null
update natsweep.day_due set due_at = now();
select natsweep.roll_up() \g /dev/null
update natsweep.site set name = '=HYPERLINK("x")<b>' where site_id = :vienna;

-- One value out of what a function answers, as somebody.
create function pg_temp.answer(who name, call text, path text) returns text language sql as $$
  select pg_temp.as_role(who, format('select (natsweep.dashboard_%s)::jsonb #>> %L', call, path))
$$;

-- Who.
select is(pg_temp.answer('vera', 'session()', '{}')::jsonb, '{"role": "vera", "may_request": false, "sees_all": false, "customers": 1, "customer": "Acme"}', 'a viewer of one customer');
select is(pg_temp.answer('adam', 'session()', '{}')::jsonb, '{"role": "adam", "may_request": true, "sees_all": true, "customers": 2, "customer": null}', 'an administrator');
select is(pg_temp.answer('nobody', 'session()', '{customers}'), '0', 'an operator of nobody');
select matches(pg_temp.answer('stranger', 'session()', '{}'), '^42501', 'a stranger is turned away');

-- The fleet.
select is(pg_temp.answer('vera', 'fleet()', '{sites}'), '3', 'the fleet is what one sees');
select is(pg_temp.answer('vera', 'fleet()', '{counts,outcome}')::jsonb, '{"partial": 1, "unsupported": 1, "never": 1}', 'by outcome');
select is(pg_temp.answer('adam', 'fleet()', '{counts,outcome,supported}'), '1', 'an administrator sees the other customer''s');
select is(pg_temp.answer('vera', 'fleet()', '{alg}'), '1', 'an ALG is worth a look');
select is(pg_temp.answer('vera', 'fleet()', '{agents,total}'), '2', 'agents are those one sees');
select is(pg_temp.answer('vera', 'fleet()', '{vantages,0,name}'), 'first', 'servers are everybody''s');
select is(pg_temp.answer('vera', 'fleet()', '{trend,0,1}'), '0', 'no site was supported on the day');
select is(pg_temp.answer('nobody', 'fleet()', '{}')::jsonb -> 'sites', '0', 'nobody has no sites');
select is(pg_temp.answer('nobody', 'fleet()', '{}')::jsonb -> 'trend', '[]', 'and no trend');

-- Sites.
select is(pg_temp.answer('vera', 'sites(''{}'')', '{total}'), '3', 'all sites');
select is(pg_temp.answer('vera', 'sites(''{}'')', '{rows,0,site}'), 'munich', 'the worst first');
select is(pg_temp.answer('vera', 'sites(''{"sort": "site", "order": "down"}'')', '{rows,0,site}'), 'munich', 'by name downwards');
select is(pg_temp.answer('vera', 'sites(''{"sort": "site", "size": "1", "page": "2"}'')', '{rows}')::jsonb -> 0 ->> 'site', 'berlin', 'page by page');
select is(pg_temp.answer('vera', 'sites(''{"sort": "site", "size": "1", "page": "9"}'')', '{rows}'), '[]', 'behind the last page is nothing');
select is(pg_temp.answer('vera', 'sites(''{"q": "BERL"}'')', '{total}'), '1', 'a part of a name');
select is(pg_temp.answer('vera', 'sites(''{"q": "%"}'')', '{total}'), '0', 'what is typed is no pattern');
select is(pg_temp.answer('vera', 'sites(''{"tag": "south", "outcome": "never"}'')', '{rows,0,tags,0}'), 'south', 'filters are combined');
select is(pg_temp.answer('vera', 'sites(''{"customer": "Beta"}'')', '{total}'), '0', 'another customer has no sites');
select is(pg_temp.answer('adam', 'sites(''{"customer": "Beta"}'')', '{total}'), '1', 'but for who may see them');
select is(pg_temp.answer('vera', 'sites(''{"outcome": "good"}'')', '{}'), '22023 "outcome" must be one of supported, partial, unsupported, inconclusive, not_run, cancelled, interrupted, never, not "good"', 'a word that is none');
select is(pg_temp.answer('vera', 'sites(''{"page": "-1"}'')', '{}'), '22023 "page" must be a whole number from 1 to 1000000, not "-1"', 'a page that is none');
select is(pg_temp.answer('vera', 'sites(''{"size": "1e9"}'')', '{}'), '22023 "size" must be a whole number from 1 to 500, not "1e9"', 'and no page is huge');
select is(pg_temp.answer('vera', 'filters()', '{customers}'), '["Acme"]', 'no other customer is offered');
select is(pg_temp.answer('vera', 'filters()', '{tags}'), '["abroad", "north", "south"]', 'nor anybody else''s tag');
select matches(pg_temp.as_role('vera', 'select natsweep.dashboard_sites_csv(''{"q": "hyper"}'')'), '\n"Acme","''=HYPERLINK\(""x""\)<b>","south abroad",,,,,', 'CSV holds no formula');
select is(natsweep.dashboard_csv_field(e'\t=1+1'), e'"''\t=1+1"', 'not after a tab either');
select is(natsweep.dashboard_csv_field(e'\r=1+1'), e'"''\r=1+1"', 'nor after a carriage return');
select is(natsweep.dashboard_csv_field(e'a\t=1t'), e'"a\t=1t"', 'what only has one within stays as it is');
select is(natsweep.dashboard_csv_field('track'), '"track"', 'and so does a word');

-- A site.
select is(pg_temp.answer('vera', format('site(''{"site": "%s"}'')', :berlin), '{site,outcome}'), 'partial', 'a site');
select is(pg_temp.answer('vera', format('site(''{"site": "%s"}'')', :berlin), '{sweeps,0,sip_alg_diff}'), E'-Via: a\n+Via: b', 'what its ALG rewrites');
select is(pg_temp.answer('vera', format('site(''{"site": "%s"}'')', :berlin), '{days,0,1}'), 'partial', 'its days');
select is(pg_temp.answer('vera', format('site(''{"site": "%s"}'')', :bonn), '{}'), format('P0002 there is no site %s, or you may not see it', :bonn), 'not another customer''s');
select is(pg_temp.answer('vera', 'site(''{"site": "1; drop"}'')', '{}'), '22023 "site" must be a whole number from 0 to 999999999999999999, not "1; drop"', 'nor anything else');
select is(pg_temp.as_role('vera', format($$select string_agg(concat_ws(' ', r ->> 'first', r ->> 'last', r ->> 'verdict'), ', ' order by (r ->> 'first')::integer)
    from jsonb_array_elements(natsweep.dashboard_ports('{"site": "%s"}') -> 'ranges') r$$, :berlin)),
  '5060 5060 pass, 9000 9002 closed, 9003 9008 pass, 9009 9009 closed', 'its ports in ranges');
select is(pg_temp.as_role('vera', format($$select count(*) from jsonb_array_elements(natsweep.dashboard_ports('{"site": "%s", "at": "%s", "sweep": "%s"}') -> 'ranges') r where r ->> 'verdict' = 'pass'$$,
    :berlin, to_jsonb(:'yesterday'::timestamptz) #>> '{}', :first)), '2', 'and as a past sweep found them');
select matches(pg_temp.answer('vera', format('ports(''{"site": "%s", "at": "2026-13-45", "sweep": "1"}'')', :berlin), '{}'), '^22023 "at": there is no such time', 'a time that is none');
select matches(pg_temp.answer('vera', format('ports(''{"site": "%s"}'')', :bonn), '{}'), '^P0002', 'not another customer''s ports');
select is(pg_temp.answer('vera', format('port(''{"site": "%s", "port": "9001"}'')', :berlin), '{evidence,verdict}'), 'closed', 'the evidence of one port');
select is(pg_temp.as_role('vera', format($$select string_agg(h ->> 'verdict', ' ') from jsonb_array_elements(natsweep.dashboard_port('{"site": "%s", "port": "9001"}') -> 'history') h$$, :berlin)), 'closed pass', 'and its history, newest first');
select is(pg_temp.answer('vera', format('port(''{"site": "%s", "port": "9"}'')', :berlin), '{evidence}'), null, 'a port that was not swept');
select matches(pg_temp.answer('vera', format('port(''{"site": "%s", "port": "70000"}'')', :berlin), '{}'), '^22023 "port" must be', 'no port');

-- Changes.
select is(pg_temp.as_role('vera', $$select count(*) from jsonb_array_elements(natsweep.dashboard_changes('{"what": "outcome"}') -> 'rows')$$), '1', 'what changed');
select is(pg_temp.as_role('boris', $$select count(*) from jsonb_array_elements(natsweep.dashboard_changes('{}') -> 'rows')$$), '0', 'is told to those whose it is');
select matches(pg_temp.answer('vera', 'changes(''{"since": "yesterday"}'')', '{}'), '^22023 "since" must be a time', 'a time as it is written');

-- Asking.
select is(pg_temp.answer('olga', format('preview(''{"sites": ["%s", "%s"]}'')', :berlin, :vienna), '{}')::jsonb - 'online', '{"sites": 2, "with_agent": 1, "names": [["Acme", "=HYPERLINK(\"x\")<b>"], ["Acme", "berlin"]]}', 'a dry run of sites by number');
select is(pg_temp.answer('olga', format('preview(''{"sites": ["%s"]}'')', :bonn), '{sites}'), '0', 'which reaches nobody else''s');
select is(pg_temp.answer('olga', 'preview(''{"filter": {}}'')', '{sites}'), '3', 'a dry run of all');
select is(pg_temp.answer('olga', 'selector(''{"filter": {"outcome": "partial", "q": ""}}'')', '{}')::jsonb, '{"outcome": "partial"}', 'a selector says what a filter says');
select is(pg_temp.answer('olga', 'selector(''{"filter": {"q": "berlin"}}'')', '{}')::jsonb, format('{"site_id": ["%s"]}', :berlin)::jsonb, 'or which sites that are');
select is(pg_temp.answer('olga', 'preview(''{"filter": {"q": "nowhere"}}'')', '{sites}'), '0', 'a filter that means no site is not all sites');
select matches(pg_temp.answer('olga', 'preview(''{}'')', '{}'), '^22023 say which sites', 'nothing said is nothing asked');
select matches(pg_temp.answer('olga', 'preview(''{"sites": ["x"]}'')', '{}'), '^22023 selector: "x" is no number', 'a number that is none');
select matches(pg_temp.answer('vera', 'sweep(''{"filter": {}}'')', '{}'), '^42501', 'a viewer asks for nothing');
select isnt(pg_temp.answer('olga', format('sweep(''{"sites": ["%s"], "ports": "5060/udp"}'')', :berlin), '{request_id}'), null, 'an operator asks');
select max(request_id) as asked from natsweep.request \gset
select is(pg_temp.answer('vera', format('request(''{"request": "%s"}'')', :asked), '{sweeps,0,state}'), 'queued', 'everybody of the customer sees it');
select is(pg_temp.answer('vera', 'requests(''{}'')', '{requests,0,total}'), '1', 'in the list, too');
select matches(pg_temp.answer('boris', format('request(''{"request": "%s"}'')', :asked), '{}'), '^P0002 there is no request', 'nobody else does');
select matches(pg_temp.answer('boris', format('change_request(''{"request": "%s", "action": "cancel"}'')', :asked), '{}'), '^P0002 there is no request', 'nor cancels it');
select matches(pg_temp.answer('vera', format('change_request(''{"request": "%s", "action": "cancel"}'')', :asked), '{}'), '^42501', 'nor does a viewer');
select matches(pg_temp.answer('olga', format('change_request(''{"request": "%s", "action": "stop"}'')', :asked), '{}'), '^22023 "action" must be', 'an action that is none');
select matches(pg_temp.answer('olga', format('change_request(''{"request": "%s"}'')', :asked), '{}'), '^22023 "action" must be', 'no action');
select isnt(pg_temp.answer('olga', format('change_request(''{"request": "%s", "action": "pause"}'')', :asked), '{paused_at}'), null, 'paused');
select is(pg_temp.answer('olga', format('change_request(''{"request": "%s", "action": "resume"}'')', :asked), '{paused_at}'), null, 'resumed');
select is(pg_temp.answer('olga', format('change_request(''{"request": "%s", "action": "cancel"}'')', :asked), '{cancelled}'), '1', 'cancelled');
select is(pg_temp.answer('olga', 'plan_schedule(''{"filter": {"customer": "Acme"}, "cron": "0 2 * * *", "time_zone": "Europe/Berlin"}'')', '{sites}'), '3',
  'a plan of a schedule says how many sites');
select is(jsonb_array_length(pg_temp.answer('olga', 'plan_schedule(''{"filter": {}, "cron": "0 2 * * *"}'')', '{next}')::jsonb), 3, 'and when');
select matches(pg_temp.answer('olga', 'plan_schedule(''{"filter": {}, "cron": "at night"}'')', '{}'), '^22023 cron expression', 'a time that is none');
select matches(pg_temp.answer('olga', 'plan_schedule(''{"filter": {}, "cron": "@daily", "ports": "nonsense"}'')', '{}'), 'nonsense', 'ports that are none');
select matches(pg_temp.answer('olga', 'plan_schedule(''{"filter": {"customer": "Beta"}, "cron": "@daily"}'')', '{}'), 'no customer "Beta"', 'nor another''s sites');
select pg_temp.answer('olga', 'add_schedule(''{"name": "nightly", "filter": {"customer": "Acme"}, "cron": "0 2 * * *", "time_zone": "Europe/Berlin"}'')',
  '{schedule_id}') as schedule \gset
select is((select array[name::text, cron, time_zone, selector::text, ports, asked_by] from natsweep.schedule where schedule_id = :schedule),
  '{nightly,0 2 * * *,Europe/Berlin,"{\"customer\": \"Acme\"}",@3cx,olga}', 'a schedule is made in one''s own name');
select matches(pg_temp.answer('olga', 'add_schedule(''{"name": "nightly", "filter": {}, "cron": "@daily"}'')', '{}'), '^23505 you have a schedule', 'once');
select matches(pg_temp.answer('olga', 'add_schedule(''{"filter": {}, "cron": "@daily"}'')', '{}'), '^22023', 'by a name');
select matches(pg_temp.answer('vera', 'add_schedule(''{"name": "v", "filter": {}, "cron": "@daily"}'')', '{}'), '^42501', 'not by a viewer');
select is(pg_temp.answer('vera', 'requests(''{}'')', '{schedules,0,name}'), 'nightly', 'a schedule');
select is(pg_temp.answer('boris', 'requests(''{}'')', '{schedules}'), '[]', 'is nobody else''s');
select isnt(pg_temp.answer('olga', format('change_schedule(''{"schedule": "%s", "action": "pause"}'')', :schedule), '{schedule_id}'), null, 'it is paused');
select is((select paused_by from natsweep.schedule), 'olga', 'by her');
select is(pg_temp.answer('olga', format('change_schedule(''{"schedule": "%s", "action": "drop"}'')', :schedule), '{schedule_id}'), :'schedule', 'and dropped');
select matches(pg_temp.answer('vera', format('change_schedule(''{"schedule": "%s", "action": "drop"}'')', :schedule), '{}'), '^42501', 'not by a viewer');

select * from finish();
rollback;
