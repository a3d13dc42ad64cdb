-- Every change by a person leaves an entry that tells who, what and about whom.
begin;
\ir fixture/fleet.sql
delete from natsweep.audit;

-- What people may call and what changes something writes an entry, by itself or through what it calls.
create temporary table routine as
  select p.proname::text as name, p.prosrc || coalesce(pg_get_function_sqlbody(p.oid), '') as body, p.provolatile = 'v' as changes,
    has_function_privilege('natsweep_admin', p.oid, 'execute') as called
  from pg_proc p where p.pronamespace = 'natsweep'::regnamespace;
create temporary table noted as
  with recursive writes as (
    select name from routine where name = 'note'
    union
    select r.name from routine r join writes w on r.body ~ ('\mnatsweep\.' || w.name || '\M')
  )
  select name from writes;
select is_empty($$select name from routine where called and changes and name not in (select name from noted)$$,
  'no function of people''s changes something in silence');

create function pg_temp.last(who name) returns text language sql as $$
  select format('%s %s %s', what, customers, detail - 'lifetime') from natsweep.audit_log where audit_log.who = last.who order by audit_id desc limit 1
$$;
select pg_temp.as_role('adam', $$select natsweep.create_customer('Gamma')$$) as gamma \gset
select is(pg_temp.last('adam'), 'create_customer {Gamma} {"customer": "Gamma"}', 'a customer');
select pg_temp.as_role('olga', $$select natsweep.create_site('Acme', 'graz', '{isp=one}')$$) \g /dev/null
select is(pg_temp.last('olga'), 'create_site {Acme} {"site": "graz", "tags": ["isp=one"], "customer": "Acme"}', 'a site');
select pg_temp.as_role('olga', $$select natsweep.tag_site('Acme', 'graz', '{isp=two}')$$) \g /dev/null
select is(pg_temp.last('olga'), 'tag_site {Acme} {"site": "graz", "tags": ["isp=two"], "customer": "Acme"}', 'its tags');
select pg_temp.as_role('olga', $$select natsweep.create_token('Acme', 'graz', sha256('graz'))$$) as token \gset
select is(pg_temp.last('olga'), format('create_token {Acme} {"site": "graz", "uses": 1, "customer": "Acme", "token_id": %s, "needs_approval": false}', :token), 'a token, without its hash');
select is(pg_temp.as_role('olga', 'select string_agg(format(''%s %s %s'', site, state, uses_left), '','') from natsweep.tokens() where state = ''open'''), 'graz open 1', 'which is listed');
select pg_temp.as_role('olga', format('select natsweep.revoke_token(%s)', :token)) \g /dev/null
select is(pg_temp.last('olga'), format('revoke_token {Acme} {"token_id": %s}', :token), 'and revoked');
select is((select status from natsweep.enroll_agent(sha256('graz'), sha256('any key'), 'graz', '1.0')), 'token_used', 'after which nobody enrols with it');
select is(pg_temp.as_role('boris', format('select natsweep.revoke_token(%s)', :token)), format('P0002 there is no token %s', :token), 'another''s token does not exist');
select pg_temp.as_role('olga', format('select natsweep.revoke_agent(%s)', :berlin_agent)) \g /dev/null
select is(pg_temp.last('olga'), format('revoke_agent {Acme} {"site": "berlin", "agent_id": %s, "customer": "Acme", "hostname": "berlin"}', :berlin_agent), 'an agent');
select pg_temp.as_role('adam', $$select natsweep.set_vantage('second', '203.0.113.20')$$) \g /dev/null
select pg_temp.as_role('adam', $$select natsweep.drop_vantage('second')$$) \g /dev/null
select is(pg_temp.last('adam'), 'drop_vantage {} {"vantage": "second"}', 'a vantage');
select pg_temp.as_role('adam', $$select natsweep.grant_customer('vera', 'Beta')$$) \g /dev/null
select pg_temp.as_role('adam', $$select natsweep.revoke_customer('vera', 'Beta')$$) \g /dev/null
select results_eq($$select what from natsweep.audit_log where who = 'adam' order by audit_id desc limit 2$$, $$values ('revoke_customer'), ('grant_customer')$$, 'grants');

-- Who reads it.
select is(pg_temp.as_role('vera', $$select count(*) from natsweep.audit_log where customers <> '{Acme}'$$), '0', 'a viewer reads what is about the own customers');
select is(pg_temp.as_role('boris', $$select count(*) from natsweep.audit_log where customers <> '{Beta}'$$), '0', 'and nobody reads another''s');

-- A site goes, with sweeps under way.
select natsweep.request_sweep('{"all": true}', '5060/udp') as request \gset
select count(*) from natsweep.claim_sweeps(:one, array[:munich_agent, :bonn_agent]::bigint[], 10) \g /dev/null
select sweep_id as munich_sweep from natsweep.sweep where site_id = :munich \gset
select is(pg_temp.as_role('boris', $$select natsweep.remove_site('Acme', 'munich')$$), 'P0002 there is no customer "Acme"', 'nobody removes another''s site');
select is(pg_temp.as_role('olga', $$select natsweep.remove_site('Acme', 'munich')$$), '1', 'a site is removed with its sweep under way');
select is(pg_temp.last('olga'), format('remove_site {Acme} {"site": "munich", "agents": [%s], "site_id": %s, "customer": "Acme", "cancelled": 1}', :munich_agent, :munich), 'which is written down');
select is((select array[total, sent, queued + accepted + running + done + failed + refused + expired + cancelled + lost] from natsweep.request_progress where request_id = :request),
  '{1,1,0}', 'the counts of its request add up without it');
select is(natsweep.sweep_known(array[:munich], array[:munich_sweep], array[natsweep.to_us(now())]), '{f}', 'a report that comes later is not known');
select is_empty(format('select * from natsweep.agent_hello(%s, %s, 1, ''1.0'', ''host'', 0, true, array[%s], ''{}'')', :one, :munich_agent, :munich_sweep), 'nor is its agent');
select is_empty(format($$select 1 from natsweep.agent_keys() where agent_id = %s$$, :munich_agent), 'whose key is in no keyring');
select is(pg_temp.as_role('olga', $$select natsweep.create_site('Acme', 'munich')$$) ~ '^\d+$', true, 'the name is free again');

-- A site moves.
select natsweep.create_token('Beta', 'bonn', sha256('late')) \g /dev/null
select is(pg_temp.as_role('boris', $$select natsweep.move_site('Beta', 'bonn', 'Acme')$$), 'P0002 there is no customer "Acme"', 'nobody gives to whom they cannot see');
select is(pg_temp.as_role('adam', $$select natsweep.move_site('Beta', 'bonn', 'Beta')$$), '22023 the site "bonn" is the customer''s "Beta" already', 'nor to itself');
select is(pg_temp.as_role('adam', $$select natsweep.move_site('Beta', 'bonn', 'Acme')$$), '1', 'an administrator does');
select is(pg_temp.as_role('vera', $$select string_agg(site, ' ' order by site) from natsweep.site_status$$), 'berlin bonn graz munich vienna', 'the new customer sees it');
select is(pg_temp.as_role('boris', $$select count(*) from natsweep.site_status$$), '0', 'the old one no longer does');
select results_eq(format($$select state, tell_agent, message from natsweep.sweep where site_id = %s$$, :bonn),
  $$values ('cancelled', true, 'the site was given to another customer by adam')$$, 'what was under way is cancelled, and the agent told');
select is((select customer from natsweep.agent_keys() where agent_id = :bonn_agent), 'Acme', 'its agent works on');
select is((select status from natsweep.enroll_agent(sha256('late'), sha256('late key'), 'bonn', '1.0')), 'token_used', 'the old customer''s tokens do not');
select natsweep.request_sweep('{"site": "bonn"}', '5060/udp', '{"attempts": 3}') as asked \gset
update natsweep.sweep set state = 'lost', at = now() where request_id = :asked;
select natsweep.move_site('Acme', 'bonn', 'Beta') \g /dev/null
select is(natsweep.retry_sweeps(), 0, 'nor is it swept again for the old one');
select natsweep.move_site('Beta', 'bonn', 'Acme') \g /dev/null
select is(natsweep.retry_sweeps(), 1, 'as it would be for who asked');
select natsweep.create_site('Beta', 'graz') \g /dev/null
select is(pg_temp.as_role('adam', $$select natsweep.move_site('Acme', 'graz', 'Beta')$$), '23505 the customer "Beta" has a site "graz" already', 'names stay unique');
select * from finish();
rollback;
