-- Of sweeps that could be sent those that the budgets allow.
begin;
set local role natsweep_owner;

create function natsweep.within_budget(sweep_ids bigint[], server_max integer) returns bigint[]
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
  return array(
    with flying as (
      select s.request_id, l.public_address
      from natsweep.sweep s
      left join natsweep.site_last l on l.site_id = s.site_id
      where s.state in ('sent', 'accepted', 'running')
    ), candidate as (
      select s.sweep_id, s.request_id, s.priority, r.in_flight_max, r.per_address_max, l.public_address,
        row_number() over (partition by s.request_id order by s.sweep_id) as place
      from natsweep.sweep s
      join natsweep.request r on r.request_id = s.request_id
      left join natsweep.site_last l on l.site_id = s.site_id
      where s.sweep_id = any (sweep_ids)
    ), of_request as (
      select c.*, row_number() over (partition by c.public_address order by c.priority desc, c.sweep_id) as address_place
      from candidate c
      where c.in_flight_max is null
        or c.place + (select count(*) from flying f where f.request_id = c.request_id) <= c.in_flight_max
    ), of_address as (
      select o.*, row_number() over (order by o.priority desc, o.sweep_id) as server_place
      from of_request o
      where o.per_address_max is null or o.public_address is null
        or o.address_place + (select count(*) from flying f where f.public_address = o.public_address) <= o.per_address_max
    )
    select a.sweep_id
    from of_address a
    where server_max is null or a.server_place + (select count(*) from flying) <= server_max);
end
$$;

comment on function natsweep.within_budget(bigint[], integer) is
  'Those of some sweeps that may be sent now: within in_flight_max of their request, per_address_max of their public address and '
  'the limit of the server, counted with what is in flight. The caller holds the lock of claim_sweeps().';

commit;
