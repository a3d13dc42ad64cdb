-- What the fleet is, in numbers.
begin;
set local role natsweep_owner;

create view natsweep.metric with (security_invoker) as
  with seen as (
    select a.state, n.spool_depth, n.spool_lost, coalesce(n.last_seen, a.enrolled_at) as last_sign,
      coalesce(n.connected and n.last_seen > now() - interval '45 s', false) as online
    from natsweep.agent a
    left join natsweep.agent_seen n on n.site_id = a.site_id and n.agent_id = a.agent_id
    where a.state <> 'revoked'
  ), judged as (
    select (natsweep.outcome_words())[l.outcome] as outcome, l.at, j.flapping_until, j.failing_since
    from natsweep.site s
    left join natsweep.site_last l on l.site_id = s.site_id
    left join natsweep.site_judgement j on j.site_id = s.site_id
  ), asked as (
    select w.state, w.state_at
    from natsweep.sweep w
    where w.state in ('queued', 'sent', 'accepted', 'running')
    union all
    select w.state, null
    from natsweep.request r
    join natsweep.sweep w on w.request_id = r.request_id and w.state not in ('queued', 'sent', 'accepted', 'running')
    where r.asked_at > now() - interval '1 day'
  ), fault as (
    select f.server_name, count(distinct f.site_id) as sites
    from natsweep.vantage_fault f
    where f.at > now() - interval '30 min'
    group by f.server_name
  )
  select 'natsweep_sites' as name, 'gauge' as kind, 'sites by the outcome of their last sweep; never: not yet swept' as help,
    'outcome' as label, w.outcome as label_value, (select count(*) from judged j where coalesce(j.outcome, 'never') = w.outcome)::double precision as value
  from (select unnest(natsweep.outcome_words() || array['never'])) as w (outcome)
  union all
  select 'natsweep_sites_stale', 'gauge', 'sites without a judgement of the last seven days', null, null, count(*)
  from judged j where j.at is null or j.at < now() - interval '7 days'
  union all
  select 'natsweep_sites_flapping', 'gauge', 'sites whose outcome keeps changing', null, null, count(*) from judged j where j.flapping_until > now()
  union all
  select 'natsweep_sites_regressed', 'gauge', 'sites that ceased to be supported within the last day and still are not', null, null, count(*)
  from judged j where j.failing_since > now() - interval '1 day'
  union all
  select 'natsweep_agents', 'gauge', 'agents by state; online: connected to some collector', 'state', w.state,
    (select count(*) from seen n where w.state = case when n.state = 'pending' then 'pending' when n.online then 'online' else 'offline' end)
  from unnest(array['online', 'offline', 'pending']) as w (state)
  union all
  select 'natsweep_agents_stale', 'gauge', 'active agents without a sign of life for a day', null, null, count(*)
  from seen n where n.state = 'active' and not n.online and n.last_sign < now() - interval '1 day'
  union all
  select 'natsweep_spool_waiting_batches', 'gauge', 'report batches waiting on the disks of agents', null, null, coalesce(sum(n.spool_depth), 0) from seen n
  union all
  select 'natsweep_spool_lost_batches', 'gauge', 'report batches that agents, those not revoked, dropped since they enrolled', null, null,
    coalesce(sum(n.spool_lost), 0) from seen n
  union all
  select 'natsweep_sweeps', 'gauge', 'sweeps under way, and those of the last day''s requests that ended, by state', 'state', t.state,
    (select count(*) from asked w where w.state = t.state)
  from natsweep.sweep_state t
  union all
  select 'natsweep_sweeps_queued_seconds', 'gauge', 'how long the sweep waits that has waited longest for its agent', null, null,
    coalesce(extract(epoch from now() - min(w.state_at)), 0) from asked w where w.state = 'queued'
  union all
  select 'natsweep_vantage_outage_sites', 'gauge', 'sites that saw an outage of this server within the last half hour', 'server',
    coalesce(v.stun_server, f.server_name), coalesce(f.sites, 0)
  from natsweep.vantage v
  full join fault f on f.server_name = v.stun_server
  union all
  select 'natsweep_webhook_waiting_events', 'gauge', 'events that webhooks have still to be told', null, null, coalesce(sum(w.waiting), 0)
  from natsweep.webhook_status w
  union all
  select 'natsweep_webhook_waiting_seconds', 'gauge', 'how long the event waits that has waited longest', null, null,
    coalesce(extract(epoch from now() - min(w.oldest_waiting)), 0) from natsweep.webhook_status w
  union all
  select 'natsweep_webhook_dropped_events', 'gauge', 'events that were given up, of the webhooks there are', null, null, coalesce(sum(w.dropped), 0)
  from natsweep.webhook_status w
  union all
  select 'natsweep_webhooks_failing', 'gauge', 'webhooks whose last attempt failed', null, null, count(w.failing_since)
  from natsweep.webhook_status w
  union all
  select 'natsweep_judge_backlog_reports', 'gauge', 'reports that are stored and not yet judged', null, null, b.reports
  from natsweep.judge_backlog() as b (reports)
  where b.reports is not null;

comment on view natsweep.metric is 'One row a number that Prometheus reads of the fleet, over the sites that the reader may see. Order by name.';
comment on column natsweep.metric.name is 'The metric.';
comment on column natsweep.metric.kind is 'counter or gauge.';
comment on column natsweep.metric.help is 'What it is.';
comment on column natsweep.metric.label is 'What tells the rows of one metric apart; null: it has one row.';
comment on column natsweep.metric.label_value is 'Which of them this is.';
comment on column natsweep.metric.value is 'The number, in seconds and bytes where it has a unit.';
grant select on natsweep.metric to natsweep_viewer;

commit;
