-- The ports in a multirange, one by one.
begin;
set local role natsweep_owner;

create function natsweep.ports_of(ports int4multirange) returns setof integer
  language sql immutable strict parallel safe rows 1000
begin atomic
  select generate_series(lower(r), upper(r) - 1) from unnest(ports) as r;
end;

comment on function natsweep.ports_of(int4multirange) is
  'The ports of port_verdict or port_evidence, ascending: the order of the arrays in port_evidence.';
grant execute on function natsweep.ports_of(int4multirange) to natsweep_viewer;

commit;
