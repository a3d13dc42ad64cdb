-- Deletes old requests with their sweeps.
begin;
set local role natsweep_owner;

create function natsweep.forget_requests(before timestamptz, rows_max integer) returns integer
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  old constant bigint[] := array(
    select r.request_id
    from natsweep.request r
    where r.expires_at < before
      and not exists (
        select from natsweep.sweep s join natsweep.sweep_state t on t.state = s.state
        where s.request_id = r.request_id and not t.final)
    order by r.expires_at
    limit 100);
  gone integer;
begin
  delete from natsweep.sweep s
  where s.ctid = any (array(select w.ctid from natsweep.sweep w where w.request_id = any (old) limit rows_max));
  get diagnostics gone = row_count;
  delete from natsweep.request r
  where r.request_id = any (old) and not exists (select from natsweep.sweep s where s.request_id = r.request_id);
  return gone;
end
$$;

comment on function natsweep.forget_requests(timestamptz, integer) is
  'Deletes requests that have ended and expired before a time, with at most so many sweeps a call; returns how many sweeps. What '
  'the sweeps found out stays.';

commit;
