-- An agent connects.
begin;
set local role natsweep_owner;

create function natsweep.agent_hello(collector_id bigint, agent_id bigint, instance bigint, agent_version text, hostname text,
    clock_offset_ms bigint, live boolean, running bigint[], finished bigint[])
  returns table (sweep_id bigint, generation integer, decision text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  returns integer;
  sweeps bigint[];
  events text[];
  decisions text[];
begin
  insert into natsweep.agent_seen as s (site_id, agent_id, collector_id, connected, instance, agent_version, hostname,
    clock_offset_ms, live)
  select a.site_id, a.agent_id, agent_hello.collector_id, true, agent_hello.instance, agent_hello.agent_version,
    agent_hello.hostname, agent_hello.clock_offset_ms, agent_hello.live
  from natsweep.agent a
  where a.agent_id = agent_hello.agent_id and a.state = 'active'
  on conflict (site_id, agent_id) do update
    set collector_id = excluded.collector_id, connected = true, last_seen = now(), instance = excluded.instance,
      earlier_instance = case when s.instance = excluded.instance then s.earlier_instance else s.instance end,
      instance_returns = s.instance_returns
        + (excluded.instance is not distinct from s.earlier_instance and excluded.instance <> s.instance)::integer,
      agent_version = excluded.agent_version, hostname = excluded.hostname, clock_offset_ms = excluded.clock_offset_ms,
      live = excluded.live
  returning instance_returns into returns;
  if not found then
    return; -- pending or revoked: no work
  end if;
  if returns = 2 then
    perform natsweep.agent_befell(agent_id, 'cloned', null,
      'two programs take turns with its key, the latest on ' || agent_hello.hostname);
  end if;

  perform from natsweep.sweep s where s.agent_id = agent_hello.agent_id and s.state in ('sent', 'accepted', 'running')
    order by s.sweep_id for update;
  with journal as (
    select distinct on (j.sweep_id) j.sweep_id, j.journal
    from (
      select r as sweep_id, 'running' as journal from unnest(running) as r
      union all
      select f, 'finished' from unnest(finished) as f
    ) as j
    order by j.sweep_id, j.journal -- finished counts more than running
  ), known as (
    select s.sweep_id, s.state, s.at, s.expires_at <= now() as too_late, s.retried from natsweep.sweep s
    where s.agent_id = agent_hello.agent_id
      and (s.state in ('sent', 'accepted', 'running') or s.sweep_id in (select j.sweep_id from journal j))
  )
  select coalesce(array_agg(k.sweep_id), '{}'),
    coalesce(array_agg(case when w.superseded then null when w.missed then 'expired' else d.event end), '{}'),
    coalesce(array_agg(case when w.superseded then 'cancel' when w.missed then null else d.decision end), '{}')
  into sweeps, events, decisions
  from known k
  left join journal j on j.sweep_id = k.sweep_id
  join natsweep.hello_decision d on d.state = k.state and d.journal = coalesce(j.journal, 'absent')
  cross join lateral (
    -- What was given up and tried again must not run beside its new attempt.
    select k.retried and d.event = 'adopted', k.too_late and d.event = 'resent'
  ) as w (superseded, missed)
  where k.at is not null; -- an agent cannot have what was never claimed

  perform natsweep.sweep_step(sweeps, events, array_fill(null::text, array[cardinality(sweeps)]), collector_id);
  return query
    select d.sweep_id, s.generation, d.decision
    from unnest(sweeps, decisions) as d (sweep_id, decision)
    join natsweep.sweep s on s.sweep_id = d.sweep_id
    where d.decision is not null
    union all
    select r, 0, 'cancel'
    from unnest(running) as r
    where r <> all (sweeps);
end
$$;

comment on function natsweep.agent_hello(bigint, bigint, bigint, text, text, bigint, boolean, bigint[], bigint[]) is
  'Notes that an agent is connected and compares what it has with what is known here, by hello_decision; a sweep it died in '
  'becomes lost, one that it has yet to begin and that is past its time expires. Returns what to do: adopt, resend, cancel or '
  'wait.';
grant execute on function natsweep.agent_hello(bigint, bigint, bigint, text, text, bigint, boolean, bigint[], bigint[])
  to natsweep_collector;

commit;
