-- Where the collectors are.
begin;
set local role natsweep_owner;

create function natsweep.collector_directory(collector_id bigint, endpoints_max integer)
  returns table (endpoint text, public_key bytea, next_public_key bytea)
  language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  -- In the same order to whoever asks, or agents would be told of a change that is none.
  select d.endpoint, d.public_key, d.next_public_key
  from (
    select u.endpoint, e.public_key, e.next_public_key, c.name
    from natsweep.collector c
    join natsweep.collector_endpoint e on e.collector_id = c.collector_id
    cross join lateral unnest(e.endpoints) as u (endpoint)
    where c.lease_until > now() - interval '30 days'
    order by c.collector_id = collector_directory.collector_id desc, c.lease_until > now() desc, c.name, u.endpoint
    limit endpoints_max
  ) as d
  order by d.name, d.endpoint;
end;

comment on function natsweep.collector_directory(bigint, integer) is
  'At most so many endpoints that agents are told, with their keys now and to come: those of the collector that asks and of all '
  'others that lived within 30 days, the living ones first.';
grant execute on function natsweep.collector_directory(bigint, integer) to natsweep_collector;

commit;
