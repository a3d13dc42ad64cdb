begin;
\ir fixture/fleet.sql
select natsweep.request_sweep('{"all": true}', '5060/udp') as request \gset
select sweep_id as berlin_sweep from natsweep.sweep where site_id = :berlin \gset
select sweep_id as munich_sweep from natsweep.sweep where site_id = :munich \gset
select sweep_id as bonn_sweep from natsweep.sweep where site_id = :bonn \gset
select count(*) from natsweep.claim_sweeps(:one, array[:berlin_agent, :munich_agent]::bigint[], 10) \g /dev/null
select natsweep.to_us(now()) as at_us \gset

select is(natsweep.sweep_known(array[:berlin, :munich, :berlin, :berlin, :bonn, 4711]::bigint[],
    array[:berlin_sweep, :munich_sweep, :munich_sweep, :berlin_sweep, :bonn_sweep, 4711]::bigint[],
    array[:at_us, :at_us, :at_us, :at_us + 1, :at_us, :at_us]::bigint[]),
  '{t,t,f,f,f,f}', 'known is what was claimed for that site at that time');
select is(natsweep.sweep_known('{}', '{}', '{}'), '{}', 'nothing asked, nothing known');

-- What the store does in one transaction.
create function pg_temp.store(of_site bigint, of_sweep bigint, outcome text, nat_class text, started interval default '0') returns void language sql as $$
  insert into natsweep.sweep_result (site_id, at, sweep_id, outcome, family, message, started_at, duration_us, nat_class, forwarding, public_address,
    port_count, pass_count, fail_count, unjudged_count)
  select of_site, at, of_sweep, array_position(natsweep.outcome_words(), store.outcome), 4, 'the message', now(), 0,
    array_position(natsweep.nat_class_words(), store.nat_class), 1, '203.0.113.2', 3, 2, 1, 0
  from natsweep.sweep where sweep_id = of_sweep on conflict do nothing;
  select natsweep.sweep_finished(array[of_site], array[of_sweep], array[array_position(natsweep.outcome_words(), store.outcome)::smallint]);
$$;

select pg_temp.store(:berlin, :berlin_sweep, 'partial', 'full_cone') \g /dev/null
select is(pg_temp.state(:berlin_sweep), 'done', 'a report ends its sweep, whatever was known of it');
select results_eq(format($$select site, outcome, nat_class, forwarding, host(public_address), pass_count, fail_count, unjudged_count, last_sweep, agent_online, stale, message
    from natsweep.site_status where site_id = %s$$, :berlin),
  $$values ('berlin', 'partial', 'full_cone', 'complete', '203.0.113.2', 2, 1, 0, now(), true, false, 'the message')$$, 'and is the site''s status');
select pg_temp.store(:berlin, :berlin_sweep, 'partial', 'full_cone') \g /dev/null
select is((select array[done, sent, queued, total] from natsweep.request_progress where request_id = :request), '{1,1,1,3}', 'a report that comes again changes nothing');

select natsweep.sweep_finished(array[:bonn, :munich, 4711]::bigint[], array[:bonn_sweep, :berlin_sweep, 4711]::bigint[], '{1,1,1}') \g /dev/null
select is(pg_temp.state(:bonn_sweep), 'queued', 'what was never claimed cannot be finished');

select natsweep.cancel_request(:request) \g /dev/null
select pg_temp.store(:munich, :munich_sweep, 'cancelled', 'symmetric') \g /dev/null
select is(pg_temp.state(:munich_sweep), 'cancelled', 'the report of a cancelled sweep leaves it cancelled');
select is((select outcome from natsweep.site_status where site_id = :munich), null, 'and says nothing about the site');
select is((select outcome from natsweep.sweep where sweep_id = :munich_sweep), array_position(natsweep.outcome_words(), 'cancelled')::smallint, 'but is kept');

-- Whatever the state, a report wins.
create temporary table reported as select nextval('natsweep.sweep_sweep_id_seq') as sweep_id, state from natsweep.sweep_state where state <> 'queued';
insert into natsweep.sweep (sweep_id, request_id, site_id, agent_id, state, expires_at, at)
  select sweep_id, :request, :vienna, :berlin_agent, state, now(), now() + (row_number() over (order by sweep_id) - 10) * interval '1 s' from reported;
select pg_temp.store(:vienna, sweep_id, 'supported', 'full_cone') from reported \g /dev/null
select set_eq('select r.state as before, w.state as after from reported r join natsweep.sweep w using (sweep_id) where w.state <> ''done''',
  $$values ('failed', 'failed')$$, 'a report proves that the sweep ran');
select is((select sweep_id from natsweep.site_last where site_id = :vienna), (select max(sweep_id) from reported), 'the newest is the status');
select pg_temp.store(:vienna, min(sweep_id), 'unsupported', 'full_cone') from reported \g /dev/null
select is((select outcome from natsweep.site_status where site_id = :vienna), 'supported', 'an older one that comes late is not');

-- An agent that died.
select natsweep.request_sweep('{"site": "munich"}', '5060/udp') as request \gset
select sweep_id as munich_sweep from natsweep.claim_sweeps(:one, array[:munich_agent]::bigint[], 10) \gset
select pg_temp.store(:munich, :munich_sweep, 'interrupted', null) \g /dev/null
select is(pg_temp.state(:munich_sweep), 'failed', 'an interrupted sweep failed');
select * from finish();
rollback;
