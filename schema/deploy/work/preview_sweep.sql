-- The sites a request would reach.
begin;
set local role natsweep_owner;

create function natsweep.preview_sweep(selector jsonb)
  returns table (customer text, site text, has_agent boolean, online boolean)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  return query
    select c.name::text, s.name::text, a.agent_id is not null, coalesce(a.online, false)
    from natsweep.selected_sites(selector) t
    join natsweep.site s on s.site_id = t.site_id
    join natsweep.customer c on c.customer_id = t.customer_id
    left join natsweep.site_agent a on a.site_id = t.site_id
    order by c.name, s.name;
end
$$;

comment on function natsweep.preview_sweep(jsonb) is
  'The sites that request_sweep() would ask with this selector; changes nothing.';
grant execute on function natsweep.preview_sweep(jsonb) to natsweep_viewer;

commit;
