-- Every event in every state: what the table says happens, and nothing else.
begin;
\ir fixture/fleet.sql

select natsweep.request_sweep('{"site": "berlin"}', '5060/udp') as request \gset
create temporary table event as select distinct event from natsweep.sweep_transition;

-- A sweep in each state for each event, put there directly.
create temporary table attempt as
  select nextval('natsweep.sweep_sweep_id_seq') as sweep_id, s.state, e.event
  from natsweep.sweep_state s cross join event e;
insert into natsweep.sweep (sweep_id, request_id, site_id, agent_id, state, expires_at, at, generation, collector_id)
select sweep_id, :request, :berlin, :berlin_agent, state, now() + interval '1 hour', now() - interval '1 min', 5, :one from attempt;

create temporary table answer as
  select a.* from (select array_agg(sweep_id) as ids, array_agg(event) as events from attempt) t
  cross join lateral natsweep.sweep_step(t.ids, t.events, array_fill(null::text, array[cardinality(t.ids)]), :two) a;

select is((select count(*) from attempt), 140::bigint, 'ten states, fourteen events');
select is_empty($$
  select a.state, a.event, w.state
  from attempt a
  join natsweep.sweep w using (sweep_id)
  left join natsweep.sweep_transition t on t."from" = a.state and t.event = a.event
  where w.state is distinct from coalesce(t."to", a.state)$$,
  'a sweep ends where the table says, or stays');
select is_empty($$
  select a.state, a.event
  from attempt a
  left join answer r using (sweep_id)
  left join natsweep.sweep_transition t on t."from" = a.state and t.event = a.event
  where r.state is distinct from t."to"$$,
  'the answer holds what changed and nothing else');
select is_empty(format($$
  select a.state, a.event
  from attempt a
  join natsweep.sweep w using (sweep_id)
  left join natsweep.sweep_transition t on t."from" = a.state and t.event = a.event
  where (w.generation, w.collector_id) is distinct from
    (case when t.hands_over then (6, %s::bigint) else (5, %s::bigint) end)$$, :two, :one),
  'a hand-over has a new generation and a new holder, no other event');
select is_empty($$select from natsweep.sweep where at <> now() - interval '1 min'$$, 'no event moves the time of a claimed sweep');
select is_empty($$
  select a.state, a.event from attempt a join natsweep.sweep w using (sweep_id)
  where w.tell_agent <> (a.event = 'cancelled' and a.state in ('sent', 'accepted', 'running'))$$,
  'an agent is told to stop only what it may have');

-- What the table itself must be like.
select is_empty($$
  select "from", event from natsweep.sweep_transition t join natsweep.sweep_state s on s.state = t."from"
  where s.final and event not in ('reported', 'report_cancelled', 'report_interrupted') and "from" <> 'lost'$$,
  'only a report moves a sweep that has ended; a lost one may be found');
select is_empty($$select state from natsweep.sweep_state s where not final and not exists (
  select from natsweep.sweep_transition t where t."from" = s.state and t.event in ('expired', 'lost'))$$,
  'no state lasts for ever');
select is_empty($$select state from natsweep.sweep_state s where not final and not exists (
  select from natsweep.sweep_transition t where t."from" = s.state and t.event = 'cancelled')$$,
  'everything that has not ended can be cancelled');
select fk_ok('natsweep', 'sweep_transition', 'to', 'natsweep', 'sweep_state', 'state', 'a transition leads to a state there is');
select * from finish();
rollback;
