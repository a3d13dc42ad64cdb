-- Agents to be told to stop.
begin;
set local role natsweep_owner;

create function natsweep.sweeps_to_cancel(collector_id bigint)
  returns table (sweep_id bigint, generation integer, agent_id bigint, message text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select s.sweep_id, s.generation, s.agent_id, coalesce(s.message, 'cancelled')
  from natsweep.sweep s
  where s.tell_agent and s.collector_id = sweeps_to_cancel.collector_id;
end;

comment on function natsweep.sweeps_to_cancel(bigint) is
  'The cancelled sweeps whose agents this collector has to tell; until cancels_told() says that it has, so that a connection that '
  'breaks in between loses none. An agent that is away learns it when it says hello.';
grant execute on function natsweep.sweeps_to_cancel(bigint) to natsweep_collector;

commit;
