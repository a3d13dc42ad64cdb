-- Packed numbers of port_evidence.
begin;
set local role natsweep_owner;

create function natsweep.numbers_of(packed bytea) returns setof integer
  language sql immutable strict parallel safe rows 1000
begin atomic
  -- The concatenation unpacks a value from TOAST once, not for every byte.
  select get_byte(p.bytes, 2 * n) * 256 + get_byte(p.bytes, 2 * n + 1)
  from (select packed || ''::bytea as bytes offset 0) as p
  cross join lateral generate_series(0, length(p.bytes) / 2 - 1) as n;
end;

comment on function natsweep.numbers_of(bytea) is 'The numbers in port_evidence.rtt or mapped_ports, in the order of the ports.';
grant execute on function natsweep.numbers_of(bytea) to natsweep_viewer;

commit;
