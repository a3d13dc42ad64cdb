-- A collector says where agents find it.
begin;
set local role natsweep_owner;

create function natsweep.collector_publish(collector_id bigint, public_key bytea, endpoints text[], enroll_endpoints text[]) returns void
  language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
  insert into natsweep.collector_endpoint as e (collector_id, public_key, endpoints, enroll_endpoints)
  values (collector_publish.collector_id, collector_publish.public_key, collector_publish.endpoints, collector_publish.enroll_endpoints)
  on conflict (collector_id) do update
    set public_key = excluded.public_key, endpoints = excluded.endpoints, enroll_endpoints = excluded.enroll_endpoints,
      published_at = now();
end;

comment on function natsweep.collector_publish(bigint, bytea, text[], text[]) is 'Stores the key and the endpoints that enrolment tokens carry.';
grant execute on function natsweep.collector_publish(bigint, bytea, text[], text[]) to natsweep_collector;

commit;
