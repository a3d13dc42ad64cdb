-- The collectors.
begin;
set local role natsweep_owner;

create view natsweep.collector_status with (security_invoker) as
  select c.name::text as collector, c.lease_until > now() as alive, c.version, c.started_at,
    (
      select count(*) from natsweep.agent_seen s
      where s.collector_id = c.collector_id and s.connected and c.lease_until > now()
    ) as agents,
    e.endpoints, e.enroll_endpoints, encode(e.public_key, 'base64') as public_key,
    encode(e.next_public_key, 'base64') as next_public_key,
    e.next_key_at,
    case when e.next_key_at is not null then (
      select count(*)
      from natsweep.agent a
      left join natsweep.agent_seen s on s.site_id = a.site_id and s.agent_id = a.agent_id
      -- Every connected agent is told within the collectors' ten seconds.
      where a.state = 'active' and (s.last_seen is null or s.last_seen < e.next_key_at + interval '15 s'))
    end as agents_behind,
    c.collector_id
  from natsweep.collector c
  left join natsweep.collector_endpoint e on e.collector_id = c.collector_id;

comment on view natsweep.collector_status is
  'One row a collector: whether it lives, how many agents it has, and how far the replacement of its key is.';
comment on column natsweep.collector_status.collector is 'Its name.';
comment on column natsweep.collector_status.alive is 'Whether it holds its lease.';
comment on column natsweep.collector_status.version is 'The version of the program.';
comment on column natsweep.collector_status.started_at is 'When it started.';
comment on column natsweep.collector_status.agents is 'How many agents are connected to it.';
comment on column natsweep.collector_status.endpoints is 'Where agents connect.';
comment on column natsweep.collector_status.enroll_endpoints is 'Where they enrol.';
comment on column natsweep.collector_status.public_key is 'Its CURVE public key, in base64.';
comment on column natsweep.collector_status.next_public_key is 'The key that will replace it; null: none.';
comment on column natsweep.collector_status.next_key_at is 'Since when agents are told of that.';
comment on column natsweep.collector_status.agents_behind is
  'Active agents that have not been connected since: they know the old key only. Null: no key is being replaced.';
comment on column natsweep.collector_status.collector_id is 'The number of the collector.';
grant select on natsweep.collector_status to natsweep_operator;

commit;
