-- Notes what time it is.
begin;
set local role natsweep_owner;

create function natsweep.see_clock() returns void
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  -- Ticks come every second; an hour without any is a jump as far as anybody here can tell.
  gap constant interval := '1 hour';
  doubt constant interval := '1 day';
begin
  update natsweep.clock c
  set seen_at = now(),
    trusted_from = case when now() between c.seen_at - gap and c.seen_at + gap then c.trusted_from else now() + doubt end;
  -- Doubted in a time that never was.
  update natsweep.clock c set trusted_from = now() + doubt where c.trusted_from > now() + doubt;
end
$$;

comment on function natsweep.see_clock() is 'Has tick() compare the time with that of the last tick.';

commit;
