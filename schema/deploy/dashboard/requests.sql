-- Requests and schedules.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_requests(asked jsonb) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  before constant bigint := natsweep.dashboard_number(asked, 'before', 9223372036854775807, 1, 9223372036854775807);
begin
  return jsonb_build_object(
    'requests', coalesce((
      select jsonb_agg(to_jsonb(r) order by r.request_id desc)
      from (
        select p.* from natsweep.request_progress p where p.request_id < before order by p.request_id desc limit 25
      ) as r), '[]'),
    'schedules', coalesce((
      select jsonb_agg(to_jsonb(s) - 'customers' - 'planned_at' order by s.next_run)
      from (select * from natsweep.schedule n order by n.next_run limit 200) as s), '[]'));
end
$$;

comment on function natsweep.dashboard_requests(jsonb) is
  'The last 25 requests, or the 25 before one, and the schedules.';
grant execute on function natsweep.dashboard_requests(jsonb) to natsweep_viewer;

commit;
