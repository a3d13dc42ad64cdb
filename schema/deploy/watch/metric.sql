-- What the fleet is, in numbers.
begin;
set local role natsweep_owner;

create view natsweep.metric with (security_invoker) as
  with seen as (
    -- Read once, into a row a state.
    select a.word as state, count(*) as agents, sum(a.spool_depth) as spool_depth, sum(a.spool_lost) as spool_lost,
      count(*) filter (where a.word = 'offline' and a.last_sign < now() - interval '1 day') as stale
    from (
      select n.spool_depth, n.spool_lost, coalesce(n.last_seen, g.enrolled_at) as last_sign,
        case
          when g.state = 'pending' then g.state
          when n.connected and n.last_seen > now() - interval '45 s' then 'online'
          else 'offline'
        end as word
      from natsweep.agent g
      left join natsweep.agent_seen n on n.site_id = g.site_id and n.agent_id = g.agent_id
      where g.state <> 'revoked'
    ) as a
    group by a.word
  ), judged as (
    select coalesce((natsweep.outcome_words())[l.outcome], 'never') as outcome, count(*) as sites,
      count(*) filter (where l.at is null or l.at < now() - natsweep.stale_after()) as stale,
      count(*) filter (where j.flapping_until > now()) as flapping,
      count(*) filter (where j.failing_since > now() - interval '1 day') as regressed
    from natsweep.site s
    left join natsweep.site_last l on l.site_id = s.site_id
    left join natsweep.site_judgement j on j.site_id = s.site_id
    group by l.outcome
  ), asked as (
    select w.state, count(*) as sweeps, min(w.state_at) as oldest
    from natsweep.sweep w
    where w.state in ('queued', 'sent', 'accepted', 'running')
    group by w.state
    union all
    select w.state, count(*), null
    from natsweep.request r
    join natsweep.sweep w on w.request_id = r.request_id and w.state not in ('queued', 'sent', 'accepted', 'running')
    where r.asked_at > now() - interval '1 day'
    group by w.state
  ), fault as (
    select f.server_name, count(distinct f.site_id) as sites
    from natsweep.vantage_fault f
    where f.at > now() - interval '30 min'
    group by f.server_name
  )
  select 'natsweep_sites' as name, 'gauge' as kind, 'sites by the outcome of their last sweep; never: not yet swept' as help,
    'outcome' as label, w.outcome as label_value, coalesce(j.sites, 0)::double precision as value
  from unnest(natsweep.outcome_words() || array['never']) as w (outcome)
  left join judged j on j.outcome = w.outcome
  union all
  select 'natsweep_sites_stale', 'gauge', 'sites without a judgement of the last seven days', null, null,
    coalesce(sum(j.stale), 0)
  from judged j
  union all
  select 'natsweep_sites_flapping', 'gauge', 'sites whose outcome keeps changing', null, null,
    coalesce(sum(j.flapping), 0)
  from judged j
  union all
  select 'natsweep_sites_regressed', 'gauge', 'sites that ceased to be supported within the last day and still are not', null, null,
    coalesce(sum(j.regressed), 0)
  from judged j
  union all
  select 'natsweep_agents', 'gauge', 'agents by state; online: connected to some collector', 'state', w.state, coalesce(n.agents, 0)
  from unnest(array['online', 'offline', 'pending']) as w (state)
  left join seen n on n.state = w.state
  union all
  select 'natsweep_agents_stale', 'gauge', 'active agents without a sign of life for a day', null, null,
    coalesce(sum(n.stale), 0)
  from seen n
  union all
  select 'natsweep_spool_waiting_batches', 'gauge', 'report batches waiting on the disks of agents', null, null,
    coalesce(sum(n.spool_depth), 0)
  from seen n
  union all
  select 'natsweep_spool_lost_batches', 'gauge', 'report batches that agents, those not revoked, dropped since they enrolled', null,
    null, coalesce(sum(n.spool_lost), 0)
  from seen n
  union all
  select 'natsweep_sweeps', 'gauge', 'sweeps under way, and those of the last day''s requests that ended, by state', 'state',
    t.state, coalesce(w.sweeps, 0)
  from natsweep.sweep_state t
  left join asked w on w.state = t.state
  union all
  select 'natsweep_sweeps_queued_seconds', 'gauge', 'how long the sweep waits that has waited longest for its agent', null, null,
    coalesce(extract(epoch from now() - min(w.oldest)), 0)
  from asked w
  where w.state = 'queued'
  union all
  select 'natsweep_vantage_outage_sites', 'gauge', 'sites that saw an outage of this server within the last half hour', 'server',
    coalesce(v.stun_server, f.server_name), coalesce(f.sites, 0)
  from natsweep.vantage v
  full join fault f on f.server_name = v.stun_server
  union all
  select 'natsweep_webhook_waiting_events', 'gauge', 'events that webhooks have still to be told', null, null,
    coalesce(sum(w.waiting), 0)
  from natsweep.webhook_status w
  union all
  select 'natsweep_webhook_waiting_seconds', 'gauge', 'how long the event waits that has waited longest', null, null,
    coalesce(extract(epoch from now() - min(w.oldest_waiting)), 0)
  from natsweep.webhook_status w
  union all
  select 'natsweep_webhook_dropped_events', 'gauge', 'events that were given up, of the webhooks there are', null, null,
    coalesce(sum(w.dropped), 0)
  from natsweep.webhook_status w
  union all
  select 'natsweep_webhooks_failing', 'gauge', 'webhooks whose last attempt failed', null, null, count(w.failing_since)
  from natsweep.webhook_status w
  union all
  select 'natsweep_judge_backlog_reports', 'gauge', 'reports that are stored and not yet judged', null, null, b.reports
  from natsweep.judge_backlog() as b (reports)
  where b.reports is not null;

comment on view natsweep.metric is
  'One row a number that Prometheus reads of the fleet, over the sites that the reader may see. Order by name.';
comment on column natsweep.metric.name is 'The metric.';
comment on column natsweep.metric.kind is 'counter or gauge.';
comment on column natsweep.metric.help is 'What it is.';
comment on column natsweep.metric.label is 'What tells the rows of one metric apart; null: it has one row.';
comment on column natsweep.metric.label_value is 'Which of them this is.';
comment on column natsweep.metric.value is 'The number, in seconds and bytes where it has a unit.';
grant select on natsweep.metric to natsweep_viewer;

commit;
