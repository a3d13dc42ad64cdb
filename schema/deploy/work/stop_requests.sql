-- Pauses requests of which too many sweeps fail.
begin;
set local role natsweep_owner;

create function natsweep.stop_requests() returns integer
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  ended_min constant integer := 5; -- the first one that fails is not all of them
  stopped integer;
begin
  update natsweep.request r
  set paused_at = now(), paused_by = session_user, paused_why = format('%s of %s sweeps failed', n.failed, n.ended)
  from natsweep.request o
  cross join lateral (
    select count(*) as ended,
      count(*) filter (where s.state <> 'done' or (natsweep.outcome_words())[s.outcome] = 'not_run') as failed
    from natsweep.sweep s
    where s.request_id = o.request_id and s.state in ('done', 'failed', 'refused', 'lost')
      and s.state_at > coalesce(o.resumed_at, '-infinity')
  ) as n
  where o.expires_at > now() and o.stop_percent is not null and o.paused_at is null and r.request_id = o.request_id
    and n.ended >= ended_min and n.failed * 100 > n.ended * o.stop_percent
    and exists (select from natsweep.sweep s where s.request_id = o.request_id and s.state = 'queued');
  get diagnostics stopped = row_count;
  return stopped;
end
$$;

comment on function natsweep.stop_requests() is
  'Pauses requests of which more sweeps than stop_percent failed, were refused, were lost or could judge nothing; returns how '
  'many.';

commit;
