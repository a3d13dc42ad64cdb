-- Asks for a recheck.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_sweep(asked jsonb) returns jsonb
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  id constant bigint := natsweep.request_sweep(natsweep.dashboard_selector(asked), coalesce(nullif(asked ->> 'ports', ''), '@3cx'),
    coalesce(asked -> 'options', '{}'));
begin
  return jsonb_build_object('request_id', id);
end
$$;

comment on function natsweep.dashboard_sweep(jsonb) is
  'Asks for a sweep of what a page has selected; ports and options as of request_sweep().';
grant execute on function natsweep.dashboard_sweep(jsonb) to natsweep_operator;

commit;
