-- Signs of life apart from the agents.
begin;
set local role natsweep_owner;

create table natsweep.agent_seen (
  site_id bigint not null,
  agent_id bigint not null,
  collector_id bigint not null,
  connected boolean not null,
  last_seen timestamptz not null default now(),
  instance bigint not null,
  earlier_instance bigint,
  instance_returns integer not null default 0,
  agent_version text not null,
  hostname text not null,
  clock_offset_ms bigint not null,
  live boolean not null,
  spool_depth integer not null default 0,
  spool_lost bigint not null default 0,
  address text,
  primary key (site_id, agent_id)
) with (fillfactor = 50);

comment on table natsweep.agent_seen is
  'What an agent last said. Apart from agent, so that heartbeats never touch a reference row.';
comment on column natsweep.agent_seen.site_id is 'Its site.';
comment on column natsweep.agent_seen.agent_id is 'The agent.';
comment on column natsweep.agent_seen.collector_id is 'The collector it said hello to last.';
comment on column natsweep.agent_seen.connected is 'Whether that collector still has it.';
comment on column natsweep.agent_seen.last_seen is 'Its last sign of life.';
comment on column natsweep.agent_seen.instance is 'Random at each start of the agent.';
comment on column natsweep.agent_seen.earlier_instance is 'The instance before this one.';
comment on column natsweep.agent_seen.instance_returns is
  'How often the earlier instance came back: a restarted program never does, so two returns mean a copied key.';
comment on column natsweep.agent_seen.agent_version is 'The version of the program.';
comment on column natsweep.agent_seen.hostname is 'What its host is called.';
comment on column natsweep.agent_seen.clock_offset_ms is 'Its clock less the collector''s.';
comment on column natsweep.agent_seen.live is 'Whether it may use raw sockets, so that no port has to be bound.';
comment on column natsweep.agent_seen.spool_depth is 'Report batches waiting on its disk.';
comment on column natsweep.agent_seen.spool_lost is 'Report batches it dropped since it enrolled.';
comment on column natsweep.agent_seen.address is 'Where its connection came from.';

alter table natsweep.agent_seen enable row level security;
alter table natsweep.agent_seen force row level security;
create policy owner on natsweep.agent_seen to natsweep_owner using (true) with check (true);
create policy reader on natsweep.agent_seen for select to natsweep_viewer
  using ((select natsweep.sees_all()) or site_id in (select s.site_id from natsweep.site s));
grant select on natsweep.agent_seen to natsweep_viewer;

commit;
