-- Collectors and their leases.
begin;
set local role natsweep_owner;

create table natsweep.collector (
  collector_id bigserial primary key,
  name natsweep.label not null unique,
  instance bigint not null,
  version text not null,
  started_at timestamptz not null default now(),
  lease_until timestamptz not null
);

comment on table natsweep.collector is 'The collectors. What one holds is free for others when its lease has run out.';
comment on column natsweep.collector.collector_id is 'The collector; stays the same through restarts.';
comment on column natsweep.collector.name is 'From its settings.';
comment on column natsweep.collector.instance is 'Random at each start: of two with one name only the newer goes on.';
comment on column natsweep.collector.version is 'The version of the program.';
comment on column natsweep.collector.started_at is 'When this instance started.';
comment on column natsweep.collector.lease_until is 'It is dead after this, unless it renews.';

alter table natsweep.collector enable row level security;
alter table natsweep.collector force row level security;
create policy owner on natsweep.collector to natsweep_owner using (true) with check (true);
create policy reader on natsweep.collector for select to natsweep_operator using (true);
grant select on natsweep.collector to natsweep_operator;

commit;
