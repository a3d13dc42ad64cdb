-- What versions agents have.
begin;
set local role natsweep_owner;

create view natsweep.agent_version with (security_invoker) as
  select s.version, count(*) as agents, count(*) filter (where s.online) as online, max(s.last_seen) as last_seen
  from natsweep.agent_status s
  where s.state = 'active'
  group by s.version;

comment on view natsweep.agent_version is 'How many active agents have which version of the program.';
comment on column natsweep.agent_version.version is 'The version; null: such agents have not been connected yet.';
comment on column natsweep.agent_version.agents is 'How many.';
comment on column natsweep.agent_version.online is 'How many of them are connected now.';
comment on column natsweep.agent_version.last_seen is 'Their newest sign of life.';
grant select on natsweep.agent_version to natsweep_viewer;

commit;
