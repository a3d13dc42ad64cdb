-- The agents.
begin;
set local role natsweep_owner;

create view natsweep.agent_status with (security_invoker) as
  select c.name::text as customer, s.name::text as site, a.agent_id, a.state,
    coalesce(n.hostname, a.hostname) as hostname, n.agent_version as version,
    coalesce(n.connected and n.last_seen > now() - interval '45 s' and a.state = 'active', false) as online,
    n.last_seen, n.clock_offset_ms, n.spool_depth, n.spool_lost, n.address, n.live,
    coalesce(n.instance_returns >= 2, false) as cloned,
    a.enrolled_at, a.decided_by, a.decided_at, a.site_id, s.customer_id
  from natsweep.agent a
  join natsweep.site s on s.site_id = a.site_id
  join natsweep.customer c on c.customer_id = s.customer_id
  left join natsweep.agent_seen n on n.site_id = a.site_id and n.agent_id = a.agent_id;

comment on view natsweep.agent_status is 'One row an agent: what it is, when it was last seen and how it is.';
comment on column natsweep.agent_status.customer is 'Whose it is.';
comment on column natsweep.agent_status.site is 'The site it sweeps.';
comment on column natsweep.agent_status.agent_id is 'The agent.';
comment on column natsweep.agent_status.state is 'pending, active or revoked.';
comment on column natsweep.agent_status.hostname is 'What its host is called.';
comment on column natsweep.agent_status.version is 'The version of the program.';
comment on column natsweep.agent_status.online is 'Whether it is connected now.';
comment on column natsweep.agent_status.last_seen is 'Its last sign of life.';
comment on column natsweep.agent_status.clock_offset_ms is 'Its clock less the collector''s, milliseconds.';
comment on column natsweep.agent_status.spool_depth is 'Report batches waiting on its disk.';
comment on column natsweep.agent_status.spool_lost is 'Report batches it dropped since it enrolled.';
comment on column natsweep.agent_status.address is 'Where its connection came from.';
comment on column natsweep.agent_status.live is 'Whether it tests ports without binding them.';
comment on column natsweep.agent_status.cloned is 'Whether two programs use its key in turns.';
comment on column natsweep.agent_status.enrolled_at is 'When it enrolled.';
comment on column natsweep.agent_status.decided_by is 'Who approved or revoked it.';
comment on column natsweep.agent_status.decided_at is 'When that was.';
comment on column natsweep.agent_status.site_id is 'The number of the site.';
comment on column natsweep.agent_status.customer_id is 'The number of the customer.';
grant select on natsweep.agent_status to natsweep_viewer;

commit;
