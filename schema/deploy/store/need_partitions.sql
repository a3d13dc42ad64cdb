-- Partitions for reports whose month the tick has not made.
begin;
set local role natsweep_owner;

create function natsweep.need_partitions(times timestamptz[]) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (
    select
    from (select distinct to_char(t.at at time zone 'utc', '_YYYY_MM') as month from unnest(times) as t (at)) as m
    where to_regclass('natsweep.sweep_result' || m.month) is null)
  then
    -- As tick() does: two that make the same partition would fail.
    perform from natsweep.mutex m where m.name = 'tick' for update;
    perform natsweep.make_partitions();
  end if;
end
$$;

comment on function natsweep.need_partitions(timestamptz[]) is
  'Makes the partitions for these times when the tick is late. They are times of known sweeps, so nobody can have partitions made '
  'at will.';

commit;
