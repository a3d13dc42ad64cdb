begin;
\ir fixture/fleet.sql
select natsweep.set_vantage('second', 'stun2.example', 'turn.example', 'sip.example', 2) \g /dev/null
select natsweep.request_sweep('{"all": true}', '5060/udp,443/tcp', '{"pace": 100, "expires_s": 600, "deadline_s": 90}') as request \gset
select natsweep.request_sweep('{"site": "berlin"}', '9000/udp') as later \gset
select sweep_id as berlin_sweep from natsweep.sweep where request_id = :request and site_id = :berlin \gset
select sweep_id as munich_sweep from natsweep.sweep where request_id = :request and site_id = :munich \gset
select sweep_id as bonn_sweep from natsweep.sweep where request_id = :request and site_id = :bonn \gset
select array[:berlin_agent, :munich_agent, :bonn_agent]::bigint[] as agents \gset

select is_empty(format('select * from natsweep.claim_sweeps(%s, ''{}'', 100)', :one), 'no agents, no work');
select is_empty(format('select * from natsweep.claim_sweeps(%s, %L, 0)', :one, :'agents'), 'no more than asked for');
select is_empty(format('select * from natsweep.claim_sweeps(4711, %L, 100)', :'agents'), 'an unknown collector gets nothing');
select natsweep.collector_stop(:two, 22) \g /dev/null
select is_empty(format('select * from natsweep.claim_sweeps(%s, %L, 100)', :two, :'agents'), 'nor does one without a lease');

select results_eq(format($$
    select sweep_id, generation, agent_id, site_id, at_us, expires_in_s, deadline_s, transports, firsts, lasts, roles, expects, groups,
      servers, turn_server, sip_echo, family, mode, pace_pps, patience_s
    from natsweep.claim_sweeps(%s, array[%s]::bigint[], 100)$$, :one, :berlin_agent),
  format($$values (%s::bigint, 1, %s::bigint, %s::bigint, natsweep.to_us(now()), 600, 90, '{1,2}'::smallint[], '{5060,443}'::integer[],
    '{5060,443}'::integer[], '{1,1}'::smallint[], '{1,1}'::smallint[], '{0,0}'::smallint[],
    '{203.0.113.10:3478,stun2.example}'::text[], 'turn.example', 'sip.example', 4::smallint, 1::smallint, 100, 60)$$,
    :berlin_sweep, :berlin_agent, :berlin),
  'a claim is a whole command, for the agents named, the oldest sweep of each');
select is(pg_temp.state(:berlin_sweep), 'sent', 'it is sent');
select results_eq(format('select site_id from natsweep.claim_sweeps(%s, %L, 1)', :one, :'agents'), format('values (%s::bigint)', :munich), 'a limit is kept');
select results_eq(format('select site_id from natsweep.claim_sweeps(%s, %L, 100)', :one, :'agents'), format('values (%s::bigint)', :bonn),
  'an agent that has work gets no more');
select is_empty(format('select * from natsweep.claim_sweeps(%s, %L, 100)', :one, :'agents'), 'nothing is claimed twice');

-- Events.
select results_eq(format($$select * from natsweep.sweep_events(%s, array[%s, %s, %s, %s]::bigint[], array[%s, %s, %s, %s]::bigint[], '{1,1,1,1}',
    '{accepted,refused,started,undelivered}', array[null, 'policy_ports: not allowed here', null, null]) order by sweep_id, state$$, :one,
    :berlin_agent, :munich_agent, :berlin_agent, :bonn_agent, :berlin_sweep, :munich_sweep, :berlin_sweep, :bonn_sweep),
  format($$values (%s::bigint, 'accepted'), (%s, 'running'), (%s, 'refused'), (%s, 'queued')$$, :berlin_sweep, :berlin_sweep, :munich_sweep, :bonn_sweep),
  'events of one sweep follow each other, in one batch');
select is((select message from natsweep.sweep where sweep_id = :munich_sweep), 'policy_ports: not allowed here', 'a refusal says why');
select is_empty(format($$select * from natsweep.sweep_events(%s, array[%s]::bigint[], array[%s]::bigint[], '{1}', '{accepted}', '{null}')$$, :one, :berlin_agent, :berlin_sweep),
  'what is no longer possible is ignored');
select throws_ok(format($$select natsweep.sweep_events(%s, '{1}', '{1}', '{1}', '{reported}', '{null}')$$, :one), '22023', 'unknown event "reported"', 'an agent cannot say everything');

update natsweep.sweep set at = at - interval '1 min' where sweep_id = :bonn_sweep; -- claimed a minute ago, this transaction knows but one now()
select results_eq(format('select sweep_id, generation, at_us from natsweep.claim_sweeps(%s, array[%s]::bigint[], 1)', :one, :bonn_agent),
  format('values (%s::bigint, 2, natsweep.to_us(now() - interval ''1 min''))', :bonn_sweep), 'a second claim is a new generation at the old time');
select is_empty(format($$select * from natsweep.sweep_events(%s, array[%s]::bigint[], array[%s]::bigint[], '{1}', '{accepted}', '{null}')$$, :one, :bonn_agent, :bonn_sweep),
  'what an old generation says does not count');
select is_empty(format($$select * from natsweep.sweep_events(%s, array[%s]::bigint[], array[%s]::bigint[], '{2}', '{accepted}', '{null}')$$, :two, :bonn_agent, :bonn_sweep),
  'nor what another collector says');
select is_empty(format($$select * from natsweep.sweep_events(%s, array[%s]::bigint[], array[%s]::bigint[], '{2}', '{refused}', '{null}')$$, :one, :berlin_agent, :bonn_sweep),
  'nor what an agent says of another''s sweep');
select is(pg_temp.state(:bonn_sweep), 'sent', 'and changes nothing');

-- Progress.
select natsweep.sweep_progress(:one, array[:berlin_agent, :bonn_agent]::bigint[], array[:berlin_sweep, :bonn_sweep]::bigint[], '{1,1}', '{1,1}', '{5000,5000}') \g /dev/null
select results_eq(format('select ports_done, ports_total, remaining_ms, progress_at from natsweep.sweep where sweep_id = %s', :berlin_sweep),
  $$values (1, 2, 5000::bigint, now())$$, 'progress is kept');
select is((select ports_done from natsweep.sweep where sweep_id = :bonn_sweep), 0, 'that of an old generation is not');
select natsweep.sweep_progress(:one, array[:munich_agent]::bigint[], array[:berlin_sweep]::bigint[], '{1}', '{2}', '{1}') \g /dev/null
select is((select ports_done from natsweep.sweep where sweep_id = :berlin_sweep), 1, 'nor that of another agent');
select natsweep.sweep_progress(:one, array[:bonn_agent]::bigint[], array[:bonn_sweep]::bigint[], '{2}', '{9999}', '{5000}') \g /dev/null
select is((select ports_done from natsweep.sweep where sweep_id = :bonn_sweep), 2, 'no more ports are done than were asked for');
select is((select estimated_end from natsweep.request_progress where request_id = :request), now() + interval '5 s', 'the end is estimated from it');

-- Cancel what an agent runs.
select is(natsweep.cancel_request(:request), 2, 'what runs and what is on its way can be cancelled');
select set_eq(format('select sweep_id, generation, agent_id, message from natsweep.sweeps_to_cancel(%s)', :one),
  format('values (%s::bigint, 1, %s::bigint, ''cancelled by postgres''), (%s, 2, %s, ''cancelled by postgres'')', :berlin_sweep, :berlin_agent, :bonn_sweep, :bonn_agent),
  'the agents have to be told');
select isnt_empty(format('select * from natsweep.sweeps_to_cancel(%s)', :one), 'until it is told');
select natsweep.cancels_told(:two, array(select sweep_id from natsweep.sweeps_to_cancel(:one))) \g /dev/null
select isnt_empty(format('select * from natsweep.sweeps_to_cancel(%s)', :one), 'and by nobody else');
select natsweep.cancels_told(:one, array(select sweep_id from natsweep.sweeps_to_cancel(:one))) \g /dev/null
select is_empty(format('select * from natsweep.sweeps_to_cancel(%s)', :one), 'once');
select is_empty(format($$select * from natsweep.sweep_events(%s, array[%s]::bigint[], array[%s]::bigint[], '{2}', '{started}', '{null}')$$, :one, :bonn_agent, :bonn_sweep),
  'a late start does not revive it');
select is((select array[total, cancelled, refused] from natsweep.request_progress where request_id = :request), '{3,2,1}', 'states add up');
select results_eq(format('select sweep_id from natsweep.claim_sweeps(%s, %L, 100)', :one, :'agents'),
  format('select sweep_id from natsweep.sweep where request_id = %s', :later), 'then the next one is due');

-- Leases.
select is(natsweep.collector_beat(:one, 11), true, 'a collector renews');
select is(natsweep.collector_start('one', 12, '1.1'), :one::bigint, 'a restarted collector is the same one');
select is(natsweep.collector_beat(:one, 11), false, 'its earlier instance has to stop');
select natsweep.collector_stop(:one, 11) \g /dev/null
select is((select lease_until > now() from natsweep.collector where collector_id = :one), true, 'and cannot give up the lease');
select * from finish();
rollback;
