-- Whatever can be read shows each customer's viewer their own and no sign of anybody else's, however the catalogue grows.
begin;
\ir fixture/fleet.sql
\ir fixture/history.sql
select natsweep.create_customer('Gamma') as gamma \gset
select natsweep.create_site('Gamma', 'graz', '{gammatag}') as graz \gset
select pg_temp.enroll('Gamma', 'graz') as graz_agent \gset
create role boss login in role natsweep_viewer; -- of Acme and Beta
create role gina login in role natsweep_viewer; -- of Gamma
select natsweep.grant_customer('boss', 'Acme'), natsweep.grant_customer('boss', 'Beta'), natsweep.grant_customer('gina', 'Gamma') \g /dev/null

-- Whose each thing is, and the words that would betray them.
create temporary table own (customer text, words text, site bigint, agent bigint, address text, number bigint);
insert into own values
  ('Acme', 'acme|berlin|munich|vienna|olga|198\.51\.100\.1', :berlin, :berlin_agent, '198.51.100.1', :acme),
  ('Beta', 'beta|bonn|boris|10\.2\.2\.2', :bonn, :bonn_agent, '198.51.100.7', :beta),
  ('Gamma', 'gamma|graz|gina|10\.3\.3\.3', :graz, :graz_agent, '198.51.100.7', :gamma); -- as Beta's: a provider's NAT
create temporary table viewer (who name, customers text[]);
insert into viewer values ('vera', '{Acme}'), ('boss', '{Acme,Beta}'), ('gina', '{Gamma}'), ('nobody', '{}');

update natsweep.agent set hostname = 'host-' || agent_id;

-- Something of each customer in every table.
select date_trunc('month', now(), 'utc') + interval '12 hours' as start \gset
create function pg_temp.live(o own, start timestamptz) returns void language plpgsql as $$
declare
  local constant text := case o.customer when 'Acme' then '10.1.1.1' when 'Beta' then '10.2.2.2' else '10.3.3.3' end;
  faulty bigint;
  night record;
begin
  perform natsweep.agent_hello((select min(c.collector_id) from natsweep.collector c), o.agent, 1, '1.0', 'host-' || o.agent, 0, true, '{}', '{}');
  perform natsweep.agent_befell(o.agent, 'cloned', null, 'on host-' || o.agent);
  for night in select n, (array['supported', 'unsupported', 'supported', 'unsupported'])[n] as outcome from generate_series(1, 4) n loop
    faulty := pg_temp.swept(o.site, start + night.n * interval '1 day' - interval '5 days' + o.site * interval '1 hour', night.outcome, null, jsonb_build_object(
      'local_address', local, 'public_address', o.address, 'message', 'a message to ' || o.customer, 'nat_class', 3 + night.n % 2));
  end loop;
  insert into natsweep.port_last
  select v.site_id, v.at, v.sweep_id, v.batch, v.part, v.transport, true, v.ports from natsweep.port_verdict v
  where v.site_id = o.site and v.sweep_id = faulty;
  insert into natsweep.port_evidence (site_id, at, sweep_id, batch, part, attempts, ports, mapped_address, owners)
  select v.site_id, v.at, v.sweep_id, v.batch, v.part, 1, v.ports, local::inet, '{}' from natsweep.port_verdict v where v.site_id = o.site;
  insert into natsweep.report_batch select o.site, start, faulty, 0, 2, 1, 1, 0, 0, 1, 0;
  insert into natsweep.vantage_fault values (o.site, start - interval '20 days', 1, 'stun.example');
  perform natsweep.add_schedule(o.customer || ' by night', '0 2 * * *', jsonb_build_object('customer', o.customer));
  perform natsweep.request_sweep(jsonb_build_object('customer', o.customer), '5060/udp');
  perform natsweep.add_webhook(o.customer, 'chat', 'https://example.net/' || o.customer, sha256('secret'));
  perform natsweep.test_webhook(o.customer, 'chat');
  insert into natsweep.webhook_quiet
  select w.webhook_id, w.customer_id, 'site', o.site from natsweep.webhook w where w.customer_id = o.number;
  perform natsweep.reject_report(o.agent, o.site, 77, 0, 'no such sweep', 'payload');
end
$$;
select pg_temp.live(o, :'start') from own o \g /dev/null
select natsweep.request_sweep('{"all": true}', '9000/udp') as everybody \gset
select natsweep.collector_publish(:one, pg_temp.key(9), '{tcp://a:1}', '{tcp://a:2}') \g /dev/null
select natsweep.judge(), natsweep.roll_up(1000) \g /dev/null
update natsweep.day_due set due_at = now();
select natsweep.judge(), natsweep.roll_up(1000) \g /dev/null

-- A relation's rows as somebody sees them.
create function pg_temp.seen(who name, query text) returns setof jsonb language plpgsql as $$
declare
  me constant name := session_user;
  answer jsonb[];
begin
  perform set_config('session_authorization', who, true);
  execute format('select array_agg(to_jsonb(r)) from (%s) as r', query) into answer;
  perform set_config('session_authorization', me, true);
  return query select unnest(answer);
end
$$;
-- Whether a row speaks of a customer.
create function pg_temp.tells(line jsonb, o own) returns boolean language sql as $$
  select line::text ~* o.words or line ->> 'customer_id' = o.number::text or line ->> 'agent_id' = o.agent::text
    or line ->> 'site_id' = any (array(select s.site_id::text from natsweep.site s where s.customer_id = o.number))
    or (line -> 'customers') @> to_jsonb(o.number)
$$;
create temporary table readable as
  select c.relname as name, format('select * from natsweep.%I', c.relname) as query
  from pg_class c
  where c.relnamespace = 'natsweep'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
    and has_table_privilege('natsweep_viewer', c.oid, 'select')
  union all
  -- And what can be asked without an argument.
  select p.proname, format('select * from natsweep.%I() as answer', p.proname)
  from pg_proc p
  where p.pronamespace = 'natsweep'::regnamespace and p.pronargs = p.pronargdefaults and p.provolatile = 's'
    and p.prorettype <> 'trigger'::regtype and has_function_privilege('natsweep_viewer', p.oid, 'execute')
  union all
  select f, format('select * from natsweep.%I(''{}'') as answer', f)
  from unnest('{dashboard_sites,dashboard_sites_csv,dashboard_requests,dashboard_changes,dashboard_matching_sites,dashboard_sorted_sites}'::text[]) as f
  union all
  select 'fleet_difference', 'select * from natsweep.fleet_difference(now() - interval ''40 days'', now())'
  union all
  select 'preview_sweep', 'select * from natsweep.preview_sweep(''{"all": true}'')';
create temporary table shown as
  select r.name, v.who, s.line
  from readable r
  cross join (select who from viewer union all values ('adam')) as v
  cross join lateral pg_temp.seen(v.who, r.query) as s (line);

-- For administrators alone, and what tells nobody apart.
create temporary table apart (name text primary key);
insert into apart values
  ('rejected_report'), ('storage'), ('collector_status'), ('collector'), ('collector_endpoint');

select cmp_ok((select count(*) from readable), '>', 60::bigint, 'the catalogue was read');
select is_empty($$select name from readable where name not in (select name from shown where who = 'adam') and name not in (select name from apart)$$,
  'nothing is empty, so that all of it is tried');
select is_empty($$
  select s.who, s.name, left(s.line::text, 200)
  from shown s
  join viewer v using (who)
  join own o on o.customer <> all (v.customers)
  where pg_temp.tells(s.line, o)$$,
  'no viewer sees a sign of another customer');
select is_empty($$
  select r.name, v.who, o.customer
  from readable r
  cross join viewer v
  join own o on o.customer = any (v.customers)
  where r.name not in (select name from apart)
    and exists (select from shown a where a.who = 'adam' and a.name = r.name and pg_temp.tells(a.line, o))
    and not exists (select from shown s where s.who = v.who and s.name = r.name and pg_temp.tells(s.line, o))$$,
  'each sees their own, who has two customers those of both');
select is_empty(format($$select name, who from shown where name like 'request%%' and who <> 'adam' and line ->> 'request_id' = '%s'$$, :everybody),
  'a request of everybody''s is nobody''s but the administrators''');

-- One address, two customers: each learns that it is shared, and not with whom.
select set_eq($$select who, line ->> 'site' from shown where name = 'site_status' and line ->> 'shared_address' = 'true' and who <> 'adam'$$,
  $$values ('gina'::name, 'graz'), ('boss', 'bonn')$$, 'a shared address is told to both');
select results_eq($$select line ->> 'cause' from shown where name = 'site_status' and who = 'gina'$$,
  $$values ('Sites of other customers have the same public address: the provider translates addresses (CGNAT), so no forward of the router''s own can work.')$$,
  'without a name');

-- What goes to another customer takes nothing along but itself, and leaves no address behind.
create function pg_temp.betrayed(who name, words text) returns table (name text, line text) language sql as $$
  select r.name, s.line::text from readable r cross join lateral pg_temp.seen(who, r.query) as s (line) where s.line::text ~* words
$$;
select natsweep.create_site('Gamma', 'gmunden') \g /dev/null
select natsweep.move_agent(:munich_agent, 'Gamma', 'gmunden') \g /dev/null
select is_empty($$select * from pg_temp.betrayed('vera', 'gamma|gmunden')$$, 'an agent''s old customer does not learn where it went');
select is_empty($$select * from pg_temp.betrayed('gina', 'acme|munich|berlin')$$, 'nor the new one where it was');
select natsweep.create_token('Acme', 'vienna', sha256('another')) \g /dev/null
select natsweep.move_site('Acme', 'vienna', 'Gamma') \g /dev/null
update natsweep.site set name = 'gosau' where site_id = :vienna;
create temporary table tokens as
  select w as who, t.line from unnest('{olga,boris,adam}'::name[]) as w cross join lateral pg_temp.seen(w, 'select * from natsweep.tokens()') as t (line);
select is_empty($$select * from tokens where who = 'olga' and line::text ~ 'gosau'$$, 'a site''s old customer does not learn its new name');
select isnt_empty($$select * from tokens where who = 'adam' and line::text ~ 'gosau'$$, 'the administrators do');
select is_empty($$select * from pg_temp.betrayed('vera', 'gamma|gosau|gmunden')$$, 'nor from anything else');
select is_empty($$select * from pg_temp.betrayed('gina', 'acme|berlin|munich')$$, 'and the new one nothing of the old one');
select * from finish();
rollback;
