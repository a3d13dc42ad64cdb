-- Reports that come after their agent was moved to another site.
begin;
\ir fixture/fleet.sql
\ir fixture/report.sql
select natsweep.request_sweep('{"customer": "Acme"}', '5060/udp,9000-9003/udp') as request \gset
select sweep_id as berlin_sweep from natsweep.sweep where site_id = :berlin \gset
select sweep_id as munich_sweep from natsweep.sweep where site_id = :munich \gset
select count(*) from natsweep.claim_sweeps(:one, array[:berlin_agent, :munich_agent]::bigint[], 10) \g /dev/null
select natsweep.create_site('Acme', 'graz') as graz, natsweep.create_site('Acme', 'linz') as linz \gset
select natsweep.move_agent(:berlin_agent, 'Acme', 'graz'), natsweep.move_agent(:munich_agent, 'Acme', 'linz') \g /dev/null
select is(array[pg_temp.state(:berlin_sweep), pg_temp.state(:munich_sweep)], '{cancelled,cancelled}', 'its sweeps are cancelled');
select set_eq(format('select agent_id, sweep_id from natsweep.sweeps_to_cancel(%s)', :one),
  format('values (%s::bigint, %s::bigint), (%s, %s)', :berlin_agent, :berlin_sweep, :munich_agent, :munich_sweep), 'and it is told so');

create function pg_temp.facts_of(site bigint) returns bigint language sql as $$
  select (select count(*) from natsweep.sweep_result r where r.site_id = site) + (select count(*) from natsweep.port_verdict v where v.site_id = site)
    + (select count(*) from natsweep.site_last l where l.site_id = site) + (select count(*) from natsweep.port_last l where l.site_id = site)
$$;

-- As a collector hands it over that knows where the agent is now.
select results_eq(format($$select sweep_id, decision from natsweep.agent_hello(%s, %s, 2, '1.0', 'host', 0, true, '{}', array[%s]::bigint[])$$,
    :one, :munich_agent, :munich_sweep),
  format('values (%s::bigint, ''wait'')', :munich_sweep), 'an agent may have a report left of where it was');
select is(pg_temp.store(array[pg_temp.report(1, :linz, :munich_sweep)]), 'unknown', 'it is none of the new site''s');
select is(pg_temp.facts_of(:linz), 0::bigint, 'of which it says nothing');
select is(pg_temp.facts_of(:munich), 0::bigint, 'nor can the agent speak for the old one any more');
select is(pg_temp.state(:munich_sweep), 'cancelled', 'the sweep stays cancelled');
select natsweep.reject_report(:munich_agent, :linz, :munich_sweep, 0, 'no such sweep', 'payload') \g /dev/null
select results_eq('select agent_id, sweep_id, reason from natsweep.rejected_report',
  format('values (%s::bigint, %s::bigint, ''no such sweep'')', :munich_agent, :munich_sweep), 'and the loss is counted');

-- As one hands it over that was not told yet: it was measured at the old site, and is stored there alone, once.
select is(pg_temp.store(array[pg_temp.report(1, :berlin, :berlin_sweep)]), 'stored', 'a report that crossed the move');
select is(pg_temp.store(array[pg_temp.report(1, :berlin, :berlin_sweep)]), 'duplicate', 'once');
select is(pg_temp.store(array[pg_temp.report(1, :graz, :berlin_sweep)]), 'unknown', 'nor for the new site, afterwards');
select is(pg_temp.state(:berlin_sweep), 'done', 'ends its sweep');
select is((select outcome from natsweep.site_status where site_id = :berlin), 'partial', 'and judges the site where it was measured');
select is(pg_temp.facts_of(:graz), 0::bigint, 'the new site has nothing of it');
select natsweep.judge() \g /dev/null
select is((select outcome from natsweep.site_status where site_id = :graz), null, 'and no judgement');

-- The agent works for the new site.
select natsweep.request_sweep('{"site": "graz"}', '5060/udp,9000-9003/udp') \g /dev/null
select site_id as claimed_site, sweep_id as graz_sweep from natsweep.claim_sweeps(:one, array[:berlin_agent]::bigint[], 10) \gset
select is(:claimed_site::bigint, :graz::bigint, 'it gets the new site''s sweeps');
select is(pg_temp.store(array[pg_temp.report(1, :berlin, :graz_sweep)]), 'unknown', 'which are none of the old one''s');
select is(pg_temp.store(array[pg_temp.report(1, :graz, :graz_sweep)]), 'stored', 'and reports them');
select * from finish();
rollback;
