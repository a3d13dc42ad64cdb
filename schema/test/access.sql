-- Who sees and does what, object by object.
begin;
\ir fixture/fleet.sql
select natsweep.request_sweep('{"customer": "Acme"}', '5060/udp') as acme_request \gset
select natsweep.request_sweep('{"customer": "Beta"}', '5060/udp') as beta_request \gset
select natsweep.request_sweep('{"tag": "north"}', '5060/udp') as both_request \gset
insert into natsweep.sweep_result (site_id, at, sweep_id, outcome, family, message, started_at, duration_us, port_count, pass_count, fail_count, unjudged_count)
  select s, now(), 1, 1, 4, '', now(), 0, 0, 0, 0, 0 from unnest(array[:berlin, :bonn]) s;
insert into natsweep.site_last (site_id, at, sweep_id, outcome, message, pass_count, fail_count, unjudged_count)
  select s, now(), 1, 1, '', 0, 0, 0 from unnest(array[:berlin, :bonn]) s;
select natsweep.add_schedule(s::text, '0 2 * * *', s) from unnest(array['{"customer": "Acme"}', '{"customer": "Beta"}', '{"all": true}']::jsonb[]) s \g /dev/null
insert into natsweep.change select s, now(), 1, 'outcome', 'supported', 'partial' from unnest(array[:berlin, :bonn]) s;
insert into natsweep.site_day select s, current_date, now(), 1, 1, 2, 4, 1, 1, 1, 0 from unnest(array[:berlin, :bonn]) s;
insert into natsweep.vantage_fault select s, now(), 1, 'stun.example.net' from unnest(array[:berlin, :bonn]) s;
insert into natsweep.site_judgement (site_id, sweep_id) select unnest(array[:berlin, :bonn]), 0;
insert into natsweep.port_plan (digest, ranges) values ('', '{"(1,5060,5060,2,1,0)"}') returning plan_id as plan \gset
insert into natsweep.port_verdict (site_id, at, sweep_id, plan_id, batch, part, transport, verdict, live, ports)
  select s, now(), 1, :plan, 0, 0, 1, array_position(natsweep.verdict_words(), 'closed'), true, '{[5060,5061)}' from unnest(array[:berlin, :bonn]) s;
select natsweep.add_webhook(c, 'chat', 'https://example.net/' || c, sha256(c::bytea)) from unnest('{Acme,Beta}'::text[]) c \g /dev/null
select natsweep.test_webhook(c, 'chat') from unnest('{Acme,Beta}'::text[]) c \g /dev/null
insert into natsweep.webhook_quiet select w.webhook_id, w.customer_id, 'server', 'stun.example.net' from natsweep.webhook w;
select natsweep.roll_up_day(c, current_date) from unnest(array[:acme, :beta]) c \g /dev/null
select natsweep.collector_publish(:one, pg_temp.key(9), '{tcp://a:1}', '{tcp://a:2}') \g /dev/null

-- What each login role sees: rows of every relation that tells customers apart. A relation missing here fails the test.
create temporary table expected (relation text, acme text, beta text, nobody text, everything text);
insert into expected values
  ('customer', 1, 1, 0, 2),
  ('customer_member', 1, 1, 0, 3),
  ('site', 3, 1, 0, 4),
  ('agent', 2, 1, 0, 3),
  ('agent_seen', 2, 1, 0, 3),
  ('request', 1, 1, 0, 3),
  ('sweep', 3, 2, 0, 5),
  ('sweep_result', 1, 1, 0, 2),
  ('site_last', 1, 1, 0, 2),
  ('site_agent', 2, 1, 0, 3),
  ('agent_event', 2, 1, 0, 3),
  ('agent_status', 2, 1, 0, 3),
  ('request_progress', 1, 1, 0, 3),
  ('site_status', 3, 1, 0, 4);
insert into expected values
  ('change', 1, 1, 0, 2),
  ('site_change', 1, 1, 0, 2),
  ('vantage_fault', 1, 1, 0, 2),
  ('vantage_event', 1, 1, 0, 1), -- one event, of which everybody sees their own sites
  ('site_judgement', 1, 1, 0, 2),
  ('sweep_ports', 1, 1, 0, 2),
  ('site_day', 1, 1, 0, 2),
  ('site_daily', 1, 1, 0, 2),
  ('customer_day', 1, 1, 0, 2),
  ('port_day', 1, 1, 0, 2),
  ('site_outage', 1, 1, 0, 2),
  ('worst_site', 1, 1, 0, 2),
  ('schedule', 1, 1, 0, 3),
  ('webhook', 1, 1, 0, 2),
  ('webhook_delivery', 1, 1, 0, 2),
  ('webhook_quiet', 1, 1, 0, 2),
  ('webhook_status', 1, 1, 0, 2);
insert into expected
  select r, d, d, d, d
  from unnest('{enroll_token,judge_due,day_due,mutex,clock}'::text[]) as r
  cross join lateral format('42501 permission denied for table %s', r) as d;

insert into expected
  select r, count(*) filter (where customers = array[:acme]::bigint[]), count(*) filter (where customers = array[:beta]::bigint[]), 0, count(*)
  from natsweep.audit cross join unnest('{audit,audit_log}'::text[]) as r
  group by r;

create temporary table count_of as
  select e.relation, w.who, w.as_what, pg_temp.as_role(w.who, format('select count(*) from natsweep.%I', e.relation)) as seen
  from expected e
  cross join (values ('vera', 'acme'), ('olga', 'acme'), ('boris', 'beta'), ('nobody', 'nobody'), ('adam', 'everything'), ('carla', 'everything')) as w (who, as_what);
delete from count_of where relation = 'customer_member' and who = 'carla'; -- grants are not the collector's business
select is_empty($$
  select c.who, c.relation, c.seen, to_jsonb(e) ->> c.as_what
  from count_of c join expected e using (relation)
  where c.seen is distinct from to_jsonb(e) ->> c.as_what$$,
  'each login role sees what is its own');
select is_empty($$
  select distinct c.relname
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = 'natsweep'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition
    and a.attname in ('customer_id', 'site_id', 'customers', 'customer') and not a.attisdropped
    and c.relname not in (select relation from expected)
    and c.relname not in ('report_batch', 'port_verdict', 'port_evidence', 'port_last', 'rejected_report', 'port_result', 'port_current', 'port_span') -- facts.sql
  $$,
  'no relation is forgotten here');
-- What is added up over customers is added up over one's own.
select results_eq($$select w, pg_temp.as_role(w, 'select sum(sites) from natsweep.fleet_daily'), pg_temp.as_role(w, 'select sum(sites_judged) from natsweep.failing_ports'),
    pg_temp.as_role(w, 'select sum(outages) from natsweep.repair_time'), pg_temp.as_role(w, 'select count(*) from natsweep.fleet_difference(now() - interval ''1 day'')')
  from unnest('{vera,boris,nobody,adam}'::text[]) w$$,
  $$values ('vera', '1', '1', '1', '1'), ('boris', '1', '1', '1', '1'), ('nobody', null, null, null, '0'), ('adam', '2', '2', '2', '2')$$,
  'sums hold one''s own');
select is(pg_temp.as_role('olga', 'select count(*) from natsweep.storage'), '42501 permission denied for view storage', 'the disk is the administrators''');
select is(pg_temp.as_role('adam', $$select count(*) > 20 and bool_or(bytes > 0) and bool_or(months = 4) from natsweep.storage$$), 'true', 'who see it');
select is(pg_temp.as_role('stranger', 'select count(*) from natsweep.site'), '42501 permission denied for schema natsweep', 'a stranger sees nothing');

-- Nothing a client can set matters.
create function pg_temp.with_setting(who name, setting text, value text, query text) returns text language plpgsql as $$
declare
  me constant name := session_user;
  before constant text := coalesce(current_setting(setting, true), '');
  answer text;
begin
  perform set_config('session_authorization', who, true);
  perform set_config(setting, value, true);
  execute query into answer;
  perform set_config('session_authorization', me, true);
  perform set_config(setting, before, true);
  return answer;
exception when others then
  return format('%s %s', sqlstate, sqlerrm);
end
$$;
select is(pg_temp.with_setting('vera', 'role', 'natsweep_viewer', 'select count(*) from natsweep.site'), '3', 'another role in use changes nothing');
select is(pg_temp.with_setting('vera', 'role', 'natsweep_admin', 'select count(*) from natsweep.site'), '42501 permission denied to set role "natsweep_admin"', 'and not every one can be used');
select is(pg_temp.with_setting('vera', 'session_authorization', 'adam', 'select count(*) from natsweep.site'), '4', 'a superuser''s connection may be anybody (so nobody signs in as one)');
select is(pg_temp.with_setting('vera', 'row_security', 'off', 'select count(*) from natsweep.site'), '42501 query would be affected by row-level security policy for table "site"', 'row_security off is an error, no way round');
select is(pg_temp.with_setting('vera', 'natsweep.customer', '2', 'select count(*) from natsweep.site'), '3', 'a setting of one''s own is nothing');
select is(pg_temp.with_setting('vera', 'search_path', 'pg_temp', 'select count(*) from natsweep.site'), '3', 'nor is a search path');
create temporary table customer_member (member name, customer_id bigint);
grant select on customer_member to public;
insert into customer_member values ('vera', :beta);
select is(pg_temp.with_setting('vera', 'search_path', 'pg_temp, natsweep', 'select count(*) from natsweep.site'), '3', 'nor a table that looks like ours');

-- A month is no way round its table.
select is(pg_temp.as_role('vera', format('select count(*) from natsweep.%I', 'sweep_result' || to_char(now() at time zone 'utc', '_YYYY_MM'))),
  format('42501 permission denied for table sweep_result%s', to_char(now() at time zone 'utc', '_YYYY_MM')), 'months cannot be read by themselves');

-- Nobody writes.
create temporary table written as
  select w.who, r.relname, pg_temp.as_role(w.who, format('delete from natsweep.%I', r.relname)) as answer
  from pg_class r cross join unnest('{vera,olga,adam,carla}'::name[]) as w (who)
  where r.relnamespace = 'natsweep'::regnamespace and r.relkind in ('r', 'p') and not r.relispartition;
select is_empty($$select who, relname, answer from written where answer is null or answer not like '42501 permission denied%'$$, 'nobody writes to a table');

-- Functions: who may call what.
create temporary table may (who name, routine text);
insert into may
  select 'natsweep_viewer', unnest('{sees_all,my_customers,may_see_customer,schema_version,from_us,to_us,time_span,parse_ports,preview_sweep,
    ports_of,numbers_of,as_expected,alternative_works,port_explanation,port_message,port_list,alg_word,site_cause,
    fleet_difference,cron_field,cron_next,judge_backlog}'::text[])
  union all select 'natsweep_viewer', proname from pg_proc where pronamespace = 'natsweep'::regnamespace and proname like '%\_words' and proname <> 'selector_words'
  union all select 'natsweep_viewer', proname from pg_proc where pronamespace = 'natsweep'::regnamespace and proname like 'dashboard\_%'
    and proname not in ('dashboard_sweep', 'dashboard_change_request', 'dashboard_change_schedule', 'dashboard_add_schedule')
  union all select 'natsweep_operator', unnest('{dashboard_sweep,dashboard_change_request,dashboard_change_schedule,dashboard_add_schedule,request_sweep,cancel_request,pause_request,resume_request,add_schedule,drop_schedule,pause_schedule,create_site,tag_site,create_token,approve_agent,revoke_agent,move_agent,change_agent_key}'::text[])
  union all select 'natsweep_admin', unnest('{create_customer,set_vantage,drop_vantage,grant_customer,revoke_customer,add_user,judge_again,add_webhook,remove_webhook,test_webhook}'::text[])
  union all select 'natsweep_collector', unnest('{collector_start,collector_beat,collector_stop,collector_publish,collector_directory,agent_keys,agent_new_key,agent_key_used,enroll_agent,agent_hello,agents_seen,
    agents_gone,claim_sweeps,resends,sweep_events,sweep_progress,sweeps_to_cancel,sweep_known,sweep_finished,store_reports,
    reject_report,tick,judge,roll_up}'::text[]);
insert into may
  select 'natsweep_collector', unnest('{cancels_told,claim_webhooks,webhook_done}'::text[])
  union all select 'natsweep_operator', unnest('{remove_site,move_site,tokens,revoke_token}'::text[])
  union all select 'natsweep_viewer', unnest('{remedy_hints,router_hint,note_report,report_sites}'::text[])
  union all select 'natsweep_admin', unnest('{set_retention}'::text[])
  union all select 'natsweep_viewer', unnest('{stale_after}'::text[]);
select is_empty($$
  select r.role, p.proname
  from pg_proc p
  cross join unnest('{natsweep_viewer,natsweep_operator,natsweep_admin,natsweep_collector}'::name[]) as r (role)
  where p.pronamespace = 'natsweep'::regnamespace
    and has_function_privilege(r.role, p.oid, 'execute') <>
      exists (select from may m where m.routine = p.proname and pg_has_role(r.role, m.who, 'member'))$$,
  'functions are for whom they are meant');

-- What a function does for one customer it does not do for another.
select is(pg_temp.as_role('olga', $$select string_agg(site, ' ') from natsweep.preview_sweep('{"all": true}')$$), 'berlin munich vienna', 'all means all of one''s own');
select is(pg_temp.as_role('olga', $$select natsweep.request_sweep('{"site": "bonn"}')$$), 'NS001 no site matches {"site": "bonn"}; nothing was asked', 'another''s site does not exist');
select is(pg_temp.as_role('olga', $$select natsweep.request_sweep('{"customer": "Beta"}')$$), 'P0002 selector: there is no customer "Beta"', 'nor does another customer');
select is(pg_temp.as_role('vera', $$select natsweep.request_sweep('{"all": true}')$$), '42501 permission denied for function request_sweep', 'a viewer asks for nothing');
select matches(pg_temp.as_role('olga', $$select natsweep.request_sweep('{"all": true}', '5060/udp')$$), '^\d+$', 'an operator does');
select is((select asked_by from natsweep.request order by request_id desc limit 1), 'olga', 'in their own name');
select is((select array_agg(distinct customer_id) from natsweep.sweep join natsweep.site using (site_id) where request_id = (select max(request_id) from natsweep.request)),
  array[:acme]::bigint[], 'for their own sites');
select is(pg_temp.as_role('olga', format('select natsweep.cancel_request(%s)', :beta_request)), format('P0002 there is no request %s', :beta_request), 'another''s request does not exist');
select is(pg_temp.as_role('olga', format('select natsweep.cancel_request(%s)', :both_request)), format('P0002 there is no request %s', :both_request), 'nor one that reaches further than one''s own');
select is(pg_temp.as_role('olga', format('select natsweep.cancel_request(%s)', :acme_request)), '2', 'one''s own can be cancelled');
select is(pg_temp.as_role('olga', $$select natsweep.create_site('Beta', 'x')$$), 'P0002 there is no customer "Beta"', 'create_site');
select is(pg_temp.as_role('olga', $$select natsweep.tag_site('Beta', 'bonn', '{x}')$$), 'P0002 there is no customer "Beta"', 'tag_site');
select is(pg_temp.as_role('olga', $$select natsweep.create_token('Beta', null, sha256('x'))$$), 'P0002 there is no customer "Beta"', 'create_token');
select is(pg_temp.as_role('olga', format('select natsweep.approve_agent(%s)', :bonn_agent)), format('P0002 there is no agent %s that could be approved', :bonn_agent), 'approve_agent');
select is(pg_temp.as_role('olga', format('select natsweep.revoke_agent(%s)', :bonn_agent)), format('P0002 there is no agent %s', :bonn_agent), 'revoke_agent');
select matches(pg_temp.as_role('olga', $$select natsweep.create_token('Acme', null, sha256('x'))$$), '^\d+$', 'one''s own agents can be enrolled');
select is(pg_temp.as_role('adam', format('select natsweep.cancel_request(%s)', :both_request)), '2', 'an administrator may do it all');

-- Users and grants.
select is(pg_temp.as_role('olga', $$select natsweep.add_user('eve', null, 'Beta', 'admin')$$), '42501 permission denied for function add_user', 'operators make no users');
select is(pg_temp.as_role('adam', $$select natsweep.add_user('dora', 'SCRAM-SHA-256$4096:c2FsdA==$a2V5:a2V5', 'Beta', 'viewer')$$), '', 'an administrator does');
select is(pg_temp.as_role('dora', 'select string_agg(site, '' '') from natsweep.site_status'), 'bonn', 'who sees that customer');
select is(pg_temp.as_role('adam', $$select natsweep.add_user('dora', null, 'Acme', 'viewer')$$), '', 'and may get another');
select is(pg_temp.as_role('dora', 'select count(*) from natsweep.site_status'), '4', 'and then sees both');
select is(pg_temp.as_role('adam', $$select natsweep.revoke_customer('dora', 'Beta')$$), '', 'until it is taken back');
select is(pg_temp.as_role('dora', 'select count(*) from natsweep.site_status'), '3', 'at once');
select is(pg_temp.as_role('adam', $$select natsweep.add_user('amy', null, null, 'admin')$$), '', 'administrators make administrators');
select is(pg_temp.as_role('amy', 'select count(*) from natsweep.site_status'), '4', 'who see it all');

create function pg_temp.refused(role name, password text, customer text, as_role text, sentence text) returns text language sql as $$
  select is(pg_temp.as_role('adam', format('select natsweep.add_user(%L, %L, %L, %L)', role, password, customer, as_role)), sentence, sentence)
$$;
select pg_temp.refused('eve', null, 'Acme', 'owner', '22023 a user is one of viewer, operator, admin, collector, not "owner"');
select pg_temp.refused('eve', null, null, 'viewer', '22023 a user who is viewer needs a customer');
select pg_temp.refused('eve', null, 'Acme', 'admin', '22023 a user who is admin sees every customer and takes none');
select pg_temp.refused('eve', 'secret', 'Acme', 'viewer', '22023 the password must come as its SCRAM-SHA-256 verifier');
select pg_temp.refused('natsweep_owner', null, 'Acme', 'viewer', '42939 a user cannot be called "natsweep_owner"; names that begin with natsweep_ or pg_ are reserved');
select pg_temp.refused('stranger', null, 'Acme', 'viewer', '42710 there is a role "stranger" already');
select pg_temp.refused('dora', 'SCRAM-SHA-256$4096:c2FsdA==$a2V5:a2V5', 'Acme', 'viewer', '42710 there is a role "dora" already');
select pg_temp.refused('eve', null, 'Gamma', 'viewer', 'P0002 there is no customer "Gamma"');
select pg_temp.refused('olga', null, 'Beta', 'viewer', '22023 the user "olga" may do more than view, and could for "Beta", too; make another user');
select pg_temp.refused('vera', null, 'Beta', 'operator', '22023 the user "vera" only views other customers, and could then operate for them, too; make another user');
select is(pg_temp.as_role('adam', $$select natsweep.add_user('dora', null, 'Acme', 'operator')$$), '', 'a viewer of one customer may become its operator');
select is((select count(*) from pg_roles where rolname = 'eve'), 0::bigint, 'a refused user does not exist');
select is(pg_temp.as_role('adam', $$select natsweep.grant_customer('stranger', 'Acme')$$), 'P0002 there is no role "stranger" that may read natsweep', 'a grant needs a reader');
select is(pg_temp.as_role('adam', $$select natsweep.revoke_customer('vera', 'Beta')$$), 'P0002 the role "vera" was not granted the customer "Beta"', 'what was not granted cannot be taken back');

-- A name that is used again is somebody else's.
drop role dora;
select is(pg_temp.as_role('adam', $$select natsweep.add_user('dora', null, 'Beta', 'viewer')$$), '', 'a dropped user''s name can be used again');
select is(pg_temp.as_role('dora', 'select string_agg(site, '' '') from natsweep.site_status'), 'bonn', 'and brings nothing along');

-- A group's members see what the group sees; who signs in counts, not the role in use.
create role team in role natsweep_viewer;
create role tina login in role team;
select natsweep.grant_customer('team', 'Beta') \g /dev/null
select is(pg_temp.as_role('tina', 'select string_agg(site, '' '') from natsweep.site_status'), 'bonn', 'a grant to a group is one to its members');
select * from finish();
rollback;
