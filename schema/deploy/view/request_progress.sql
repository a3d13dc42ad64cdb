-- How far requests are.
begin;
set local role natsweep_owner;

create view natsweep.request_progress with (security_invoker) as
  select r.request_id, r.asked_by, r.asked_at, r.selector, r.ports, r.expires_at, r.cancelled_by,
    n.total, r.no_agent, n.queued, n.sent, n.accepted, n.running, n.done, n.failed, n.refused, n.expired, n.cancelled, n.lost,
    n.queued + n.sent + n.accepted + n.running = 0 as finished,
    n.ports_done, n.ports_total, n.estimated_end,
    r.paused_at, r.paused_by, r.paused_why, r.priority, r.not_before, r.schedule_id, n.retried
  from natsweep.request r
  cross join lateral (
    select count(*) filter (where not s.retried) as total, count(*) filter (where s.retried) as retried,
      count(*) filter (where s.state = 'queued') as queued,
      count(*) filter (where s.state = 'sent') as sent,
      count(*) filter (where s.state = 'accepted') as accepted,
      count(*) filter (where s.state = 'running') as running,
      count(*) filter (where s.state = 'done' and not s.retried) as done,
      count(*) filter (where s.state = 'failed' and not s.retried) as failed,
      count(*) filter (where s.state = 'refused' and not s.retried) as refused,
      count(*) filter (where s.state = 'expired' and not s.retried) as expired,
      count(*) filter (where s.state = 'cancelled' and not s.retried) as cancelled,
      count(*) filter (where s.state = 'lost' and not s.retried) as lost,
      coalesce(sum(s.ports_done) filter (where not s.retried), 0) as ports_done,
      coalesce(sum(s.ports_total) filter (where not s.retried), 0) as ports_total,
      -- An agent that runs says how long it needs; one that has not said takes about two packets a port.
      max(case
        when s.state = 'running' and s.remaining_ms is not null then s.progress_at + s.remaining_ms * interval '1 ms'
        when s.state in ('sent', 'accepted', 'running') then
          now() + interval '1 s' * (2 * (s.ports_total - s.ports_done) / coalesce(nullif(r.pace_pps, 0), 5000))
      end) as estimated_end
    from natsweep.sweep s
    where s.request_id = r.request_id
  ) as n;

comment on view natsweep.request_progress is
  'One row a request: how many of its sweeps are in each state, and when the running ones may end.';
comment on column natsweep.request_progress.request_id is 'The request.';
comment on column natsweep.request_progress.asked_by is 'Who asked.';
comment on column natsweep.request_progress.asked_at is 'When.';
comment on column natsweep.request_progress.selector is 'Which sites, as asked.';
comment on column natsweep.request_progress.ports is 'Which ports, as asked.';
comment on column natsweep.request_progress.expires_at is 'What no agent has taken by then is expired.';
comment on column natsweep.request_progress.cancelled_by is 'Who cancelled it.';
comment on column natsweep.request_progress.total is 'Sweeps; the sum of the ten states.';
comment on column natsweep.request_progress.no_agent is 'Sites that matched and have no approved agent, not in total.';
comment on column natsweep.request_progress.queued is 'Sweeps that wait for their agent.';
comment on column natsweep.request_progress.sent is 'Sweeps on the way to their agent.';
comment on column natsweep.request_progress.accepted is 'Sweeps an agent will run.';
comment on column natsweep.request_progress.running is 'Sweeps being run.';
comment on column natsweep.request_progress.done is 'Sweeps whose report is stored.';
comment on column natsweep.request_progress.failed is 'Sweeps whose agent died.';
comment on column natsweep.request_progress.refused is 'Sweeps an agent''s policy forbids.';
comment on column natsweep.request_progress.expired is 'Sweeps whose agent did not come in time.';
comment on column natsweep.request_progress.cancelled is 'Sweeps that were cancelled.';
comment on column natsweep.request_progress.lost is 'Sweeps that were never reported.';
comment on column natsweep.request_progress.finished is 'Whether nothing more is waited for.';
comment on column natsweep.request_progress.ports_done is 'Ports judged so far.';
comment on column natsweep.request_progress.ports_total is 'Ports of all its sweeps.';
comment on column natsweep.request_progress.estimated_end is 'When the sweeps at agents may end; null when none is.';
comment on column natsweep.request_progress.paused_at is 'Since when nothing more is sent; null: it is not paused.';
comment on column natsweep.request_progress.paused_by is 'Who paused it.';
comment on column natsweep.request_progress.paused_why is 'Why.';
comment on column natsweep.request_progress.priority is 'Higher goes first.';
comment on column natsweep.request_progress.not_before is 'Nothing is sent earlier.';
comment on column natsweep.request_progress.schedule_id is 'The schedule that asked; null: a person did.';
comment on column natsweep.request_progress.retried is 'Attempts that failed and were made again; they are in none of the counts.';
grant select on natsweep.request_progress to natsweep_viewer;

commit;
