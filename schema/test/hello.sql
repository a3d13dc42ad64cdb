-- An agent comes back: its journal against the states here.
begin;
\ir fixture/fleet.sql
select natsweep.request_sweep('{"site": "berlin"}', '5060/udp', '{"deadline_s": 100, "expires_s": 600}') as request \gset

-- A sweep of the agent for each state and each thing its journal may say; those in final states it would have only by mistake.
create temporary table meeting as
  select nextval('natsweep.sweep_sweep_id_seq') as sweep_id, s.state, j.journal
  from natsweep.sweep_state s cross join (values ('running'), ('finished'), ('absent')) as j (journal);
insert into natsweep.sweep (sweep_id, request_id, site_id, agent_id, state, expires_at, at, generation, collector_id)
select sweep_id, :request, :berlin, :berlin_agent, state, now() + interval '10 min', now(), 3, :one from meeting;

create temporary table answer as
  select h.*
  from (select array_agg(sweep_id) filter (where journal = 'running') || 4711::bigint as running,
      array_agg(sweep_id) filter (where journal = 'finished') || 4712::bigint as finished from meeting) j
  cross join lateral natsweep.agent_hello(:two, :berlin_agent, 1, '1.0', 'host', 0, true, j.running, j.finished) h;

select is_empty($$
  select m.state, m.journal, w.state
  from meeting m
  join natsweep.sweep w using (sweep_id)
  left join natsweep.hello_decision d on d.state = m.state and d.journal = m.journal
  left join natsweep.sweep_transition t on t."from" = m.state and t.event = d.event
  where w.state <> coalesce(t."to", m.state)$$,
  'states change as hello_decision says');
select is_empty($$
  select m.state, m.journal, a.decision
  from meeting m
  left join answer a using (sweep_id)
  left join natsweep.hello_decision d using (state, journal)
  where a.decision is distinct from d.decision$$,
  'and so does what the collector has to do');
select is_empty('select sweep_id from answer join natsweep.sweep using (sweep_id) where answer.generation <> sweep.generation', 'in the new generation');
select set_eq($$select decision, count(*) from answer a join meeting m using (sweep_id) group by decision$$,
  $$values ('adopt', 5::bigint), ('cancel', 5), ('wait', 10), ('resend', 2)$$, 'every decision occurs');
select is((select count(*) from natsweep.sweep w join meeting m using (sweep_id) where w.state = 'lost' and m.state = 'running'), 1::bigint,
  'a sweep the agent died in is lost');
select is((select decision from answer where sweep_id = 4711), 'cancel', 'a sweep that nobody knows is stopped');
select is_empty('select from answer where sweep_id = 4712', 'the report of one that nobody knows will be rejected');
select set_eq(format('select sweep_id from natsweep.resends(%s, (select array_agg(sweep_id) from meeting))', :two),
  $$select sweep_id from answer where decision = 'resend'$$, 'resends are commands again');
select is_empty(format('select * from natsweep.resends(%s, (select array_agg(sweep_id) from meeting))', :one), 'for the new holder');
select is_empty(format($$select * from natsweep.sweep_events(%s, (select array_agg(w.agent_id) from answer a join natsweep.sweep w using (sweep_id)),
  (select array_agg(w.sweep_id) from answer a join natsweep.sweep w using (sweep_id)), (select array_agg(3) from answer),
  (select array_agg('started'::text) from answer), (select array_agg(null::text) from answer))$$, :one), 'the earlier holder has no more say');

-- Too late to begin.
select natsweep.request_sweep('{"site": "berlin"}', '5060/udp', '{"expires_s": 600}') as late_request \gset
select sweep_id as late from natsweep.sweep where request_id = :late_request \gset
update natsweep.sweep set state = 'sent', at = now() - interval '11 min', expires_at = now() - interval '1 min' where sweep_id = :late;
select is_empty(format('select from natsweep.agent_hello(%s, %s, 9, ''1.0'', ''x'', 0, true, ''{}'', ''{}'') where sweep_id = %s', :one, :berlin_agent, :late),
  'what is past its time is not sent again');
select is((select state from natsweep.sweep where sweep_id = :late), 'expired', 'but expires');

-- Given up, tried again, and then its agent comes back with it.
select natsweep.request_sweep('{"site": "berlin"}', '5060/udp', '{"attempts": 2}') as twice \gset
select sweep_id as given_up from natsweep.sweep where request_id = :twice \gset
update natsweep.sweep set state = 'lost', at = now(), retried = true where sweep_id = :given_up;
select is((select string_agg(h.decision, ' ') from natsweep.agent_hello(:one, :berlin_agent, 9, '1.0', 'x', 0, true, array[:given_up]::bigint[], '{}') h
  where h.sweep_id = :given_up), 'cancel', 'a sweep that is tried again does not run beside its new attempt');
select is(pg_temp.state(:given_up), 'lost', 'and stays given up');

-- Another agent's sweep is nobody's business.
select sweep_id as theirs from meeting where state = 'running' and journal = 'running' \gset
select results_eq(format('select * from natsweep.agent_hello(%s, %s, 9, ''1.0'', ''x'', 0, true, array[%s]::bigint[], ''{}'')', :one, :bonn_agent, :theirs),
  format('values (%s::bigint, 0, ''cancel'')', :theirs), 'an agent cannot adopt what is another''s');
select is((select collector_id from natsweep.sweep where sweep_id = :theirs), :two::bigint, 'and it stays where it was');

-- A sweep nobody ever claimed cannot be at an agent.
select sweep_id as waiting from natsweep.sweep where request_id = :request and at is null \gset
select results_eq(format('select * from natsweep.agent_hello(%s, %s, 1, ''1.0'', ''x'', 0, true, array[%s]::bigint[], ''{}'') where sweep_id = %3$s', :two, :berlin_agent, :waiting),
  format('values (%s::bigint, 0, ''cancel'')', :waiting), 'what was never claimed is stopped');
select is(pg_temp.state(:waiting), 'queued', 'and keeps waiting');

-- Signs of life.
select results_eq(format('select collector_id, connected, instance, hostname, live from natsweep.agent_seen where agent_id = %s', :bonn_agent),
  format('values (%s::bigint, true, 9::bigint, ''x'', true)', :one), 'a hello is noted');
select natsweep.agents_seen(:one, array[:bonn_agent, :berlin_agent]::bigint[], '{7,8}', '{1,2}', '{192.0.2.1,192.0.2.2}') \g /dev/null
select results_eq('select agent_id, spool_depth, spool_lost, address from natsweep.agent_seen where spool_depth > 0',
  format('values (%s::bigint, 7, 1::bigint, ''192.0.2.1'')', :bonn_agent), 'and heartbeats, from the collector that has the agent');
select natsweep.agents_gone(:one, array[:bonn_agent, :berlin_agent]::bigint[]) \g /dev/null
select set_eq('select agent_id from natsweep.agent_status where online', format('values (%s::bigint), (%s)', :berlin_agent, :munich_agent),
  'gone is who has not said hello elsewhere');

-- A copied key: two instances in turns. A restart brings a new one each time.
select count(*) from natsweep.agent_hello(:one, :munich_agent, 2, '', '', 0, true, '{}', '{}') \g /dev/null
select count(*) from natsweep.agent_hello(:one, :munich_agent, 3, '', '', 0, true, '{}', '{}') \g /dev/null
select count(*) from natsweep.agent_hello(:one, :munich_agent, 3, '', '', 0, true, '{}', '{}') \g /dev/null
select is((select cloned from natsweep.agent_status where agent_id = :munich_agent), false, 'restarts and reconnects are no clone');
select count(*) from natsweep.agent_hello(:one, :munich_agent, 2, '', '', 0, true, '{}', '{}') \g /dev/null
select is((select cloned from natsweep.agent_status where agent_id = :munich_agent), false, 'one late hello is none');
select count(*) from natsweep.agent_hello(:one, :munich_agent, 3, '', '', 0, true, '{}', '{}') \g /dev/null
select is((select cloned from natsweep.agent_status where agent_id = :munich_agent), true, 'two in turns are one');

-- Who may not work gets nothing.
select natsweep.revoke_agent(:berlin_agent) \g /dev/null
select is_empty(format($$select w.state from natsweep.sweep w where w.agent_id = %s and w.state in ('queued', 'sent', 'accepted', 'running')$$, :berlin_agent),
  'the sweeps of a revoked agent end');
select is_empty(format('select * from natsweep.agent_hello(%s, %s, 1, ''1.0'', ''x'', 0, true, array[%s]::bigint[], ''{}'')', :two, :berlin_agent, :theirs), 'its hello has no answer');
select is((select online from natsweep.agent_status where agent_id = :berlin_agent), false, 'it is not online');
select is((select decision is not null from natsweep.hello_decision where state = 'queued' and journal = 'absent'), null, 'a waiting sweep needs no decision');
select * from finish();
rollback;
