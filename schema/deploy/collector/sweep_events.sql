-- What agents answer to commands.
begin;
set local role natsweep_owner;

create function natsweep.sweep_events(collector_id bigint, agent_ids bigint[], sweep_ids bigint[], generations integer[],
    events text[], details text[])
  returns table (sweep_id bigint, state text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  known constant text[] := '{accepted,started,refused,expired,undelivered}';
  round record;
  wrong text;
begin
  select e into wrong from unnest(events) as e where e <> all (known) limit 1;
  if found then
    raise exception 'unknown event "%"', wrong
      using errcode = 'invalid_parameter_value', hint = 'Known: ' || array_to_string(known, ', ') || '.';
  end if;
  perform from natsweep.sweep s where s.sweep_id = any (sweep_ids) order by s.sweep_id for update;
  -- The events of one sweep happen one after the other, those of different sweeps together.
  for round in
    select array_agg(e.sweep_id) as sweep_ids, array_agg(e.event) as events, array_agg(e.detail) as details
    from (
      select b.sweep_id, b.event, b.detail, row_number() over (partition by b.sweep_id order by b.place) as turn
      from unnest(agent_ids, sweep_ids, generations, events, details) with ordinality
        as b (agent_id, sweep_id, generation, event, detail, place)
      join natsweep.sweep s on s.sweep_id = b.sweep_id and s.agent_id = b.agent_id and s.generation = b.generation
        and s.collector_id = sweep_events.collector_id
    ) as e
    group by e.turn
    order by e.turn
  loop
    return query select * from natsweep.sweep_step(round.sweep_ids, round.events, round.details, sweep_events.collector_id);
  end loop;
end
$$;

comment on function natsweep.sweep_events(bigint, bigint[], bigint[], integer[], text[], text[]) is
  'Applies accepted, started, refused, expired and undelivered in the order given and returns the new states. What belongs to '
  'another agent, to an older generation or to another collector is ignored.';
grant execute on function natsweep.sweep_events(bigint, bigint[], bigint[], integer[], text[], text[]) to natsweep_collector;

commit;
