-- One request and its sweeps.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_request(asked jsonb) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  id constant bigint := natsweep.dashboard_number(asked, 'request', 0, 0, 999999999999999999);
  progress constant jsonb := (select to_jsonb(p) from natsweep.request_progress p where p.request_id = id);
begin
  if progress is null then
    raise exception 'there is no request %, or you may not see it', id using errcode = 'no_data_found';
  end if;
  return progress || jsonb_build_object('sweeps', coalesce((
    select jsonb_agg(to_jsonb(r))
    from (
      select w.site_id, c.name::text as customer, s.name::text as site, w.state, t.meaning, w.state_at,
        w.ports_done, w.ports_total, w.message, (natsweep.outcome_words())[w.outcome] as outcome
      from natsweep.sweep w
      join natsweep.sweep_state t on t.state = w.state
      join natsweep.site s on s.site_id = w.site_id
      join natsweep.customer c on c.customer_id = s.customer_id
      where w.request_id = id and not w.retried
      order by t.final, t.place desc, w.state_at desc, w.sweep_id
      limit 200
    ) as r), '[]'));
end
$$;

comment on function natsweep.dashboard_request(jsonb) is
  'How far a request is, and the 200 of its sweeps where something happened last.';
grant execute on function natsweep.dashboard_request(jsonb) to natsweep_viewer;

commit;
