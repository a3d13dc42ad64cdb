-- Ports as people write them.
begin;
set local role natsweep_owner;

create function natsweep.port_list(transport text, ports int4multirange) returns text
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
begin atomic
  -- More than anybody reads in a line.
  select string_agg(case when upper(r.range) - lower(r.range) = 1 then lower(r.range)::text
    else lower(r.range) || '-' || upper(r.range) - 1 end
      || '/' || transport, ',' order by r.place) filter (where r.place <= 40)
    || case when count(*) > 40 then format(' and %s more ranges', count(*) - 40) else '' end
  from unnest(ports) with ordinality as r (range, place);
end;

comment on function natsweep.port_list(text, int4multirange) is
  'Such as 5060/udp,9000-9099/udp, at most 40 ranges; null: no ports.';
grant execute on function natsweep.port_list(text, int4multirange) to natsweep_viewer;

commit;
