-- The groups of alternatives that a request asked for.
begin;
set local role natsweep_owner;

create function natsweep.request_groups(request natsweep.request) returns natsweep.port_range[]
  language sql immutable set search_path = pg_catalog, pg_temp
begin atomic
  select array_agg(row (p.transport, p.first, p.last, p.role, p.expect, p.alternative)::natsweep.port_range
    order by p.transport, p.first)
  from unnest((request).transports, (request).firsts, (request).lasts, (request).roles, (request).expects, (request).alternatives)
    as p (transport, first, last, role, expect, alternative)
  where p.alternative <> 0;
end;

comment on function natsweep.request_groups(natsweep.request) is
  'The ranges of a request that stand in for each other; null: there are none.';

commit;
