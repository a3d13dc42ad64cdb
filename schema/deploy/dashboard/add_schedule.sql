-- Makes a schedule.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_add_schedule(asked jsonb) returns jsonb
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  id constant bigint := natsweep.add_schedule(asked ->> 'name', coalesce(asked ->> 'cron', ''), natsweep.dashboard_selector(asked),
    coalesce(nullif(asked ->> 'ports', ''), '@3cx'), coalesce(asked -> 'options', '{}'),
    coalesce(nullif(asked ->> 'time_zone', ''), 'UTC'));
begin
  return jsonb_build_object('schedule_id', id);
end
$$;

comment on function natsweep.dashboard_add_schedule(jsonb) is
  'Makes a schedule for what a page has selected; the rest as of add_schedule().';
grant execute on function natsweep.dashboard_add_schedule(jsonb) to natsweep_operator;

commit;
