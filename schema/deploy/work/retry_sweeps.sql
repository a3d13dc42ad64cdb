-- Tries again what failed.
begin;
set local role natsweep_owner;

create function natsweep.retry_sweeps() returns integer
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  pause constant interval := '1 min'; -- times the attempts so far, as what made one fail may last
  tried integer;
begin
  with failed as (
    update natsweep.sweep s
    set retried = true
    from natsweep.request r
    where r.expires_at > now() and r.attempts > 1 and r.cancelled_at is null and s.request_id = r.request_id and not s.retried
      and s.attempt < r.attempts
      and s.state in ('failed', 'lost', 'done') and (s.state <> 'done' or (natsweep.outcome_words())[s.outcome] = 'not_run')
      -- A site that was moved is none of the asker's any more.
      and exists (select from natsweep.site t where t.site_id = s.site_id and t.customer_id = any (r.customers))
    returning s.*
  )
  insert into natsweep.sweep (request_id, site_id, agent_id, expires_at, ranges, ports_total, priority, not_before, attempt)
  select f.request_id, f.site_id, a.agent_id, f.expires_at, f.ranges, f.ports_total, f.priority, now() + f.attempt * pause,
    f.attempt + 1
  from failed f
  join natsweep.site_agent a on a.site_id = f.site_id;
  get diagnostics tried = row_count;
  return tried;
end
$$;

comment on function natsweep.retry_sweeps() is
  'Makes a new sweep of each that failed, was lost or could judge nothing, as often as its request allows and until it expires; '
  'returns how many.';

commit;
