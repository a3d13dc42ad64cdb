-- What a schedule would do.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_plan_schedule(asked jsonb) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  times constant integer := 3;
  time_zone constant text := coalesce(nullif(asked ->> 'time_zone', ''), 'UTC');
  next timestamptz[];
begin
  perform natsweep.parse_ports(coalesce(nullif(asked ->> 'ports', ''), '@3cx'));
  for n in 1 .. times loop
    next[n] := natsweep.cron_next(asked ->> 'cron', time_zone, coalesce(next[n - 1], now()));
  end loop;
  return natsweep.dashboard_preview(asked) || jsonb_build_object('next', next);
end
$$;

comment on function natsweep.dashboard_plan_schedule(jsonb) is
  'Whom a schedule would reach if it ran now, and the next three times that it would; asks nothing.';
grant execute on function natsweep.dashboard_plan_schedule(jsonb) to natsweep_viewer;

commit;
