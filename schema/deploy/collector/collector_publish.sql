-- A collector says where agents find it.
begin;
set local role natsweep_owner;

create function natsweep.collector_publish(collector_id bigint, public_key bytea, endpoints text[], enroll_endpoints text[],
    next_public_key bytea default null) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  insert into natsweep.collector_endpoint as e (collector_id, public_key, endpoints, enroll_endpoints, next_public_key, next_key_at)
  values (collector_publish.collector_id, collector_publish.public_key, collector_publish.endpoints,
    collector_publish.enroll_endpoints, collector_publish.next_public_key,
    case when collector_publish.next_public_key is not null then now() end)
  on conflict (collector_id) do update
    set public_key = excluded.public_key, endpoints = excluded.endpoints, enroll_endpoints = excluded.enroll_endpoints,
      next_public_key = excluded.next_public_key,
      next_key_at = case when e.next_public_key is not distinct from excluded.next_public_key then e.next_key_at
        else excluded.next_key_at end,
      published_at = now();
  select pg_notify('natsweep_agent', '');
end;

comment on function natsweep.collector_publish(bigint, bytea, text[], text[], bytea) is
  'Stores the key, the endpoints and the key to come that agents are told, and has the other collectors read them.';
grant execute on function natsweep.collector_publish(bigint, bytea, text[], text[], bytea) to natsweep_collector;

commit;
