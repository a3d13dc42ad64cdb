-- Where agents find a collector and how they know it.
begin;
set local role natsweep_owner;

create table natsweep.collector_endpoint (
  collector_id bigint primary key references natsweep.collector on delete cascade,
  public_key bytea not null check (octet_length(public_key) = 32),
  next_public_key bytea check (octet_length(next_public_key) = 32),
  next_key_at timestamptz check ((next_key_at is null) = (next_public_key is null)),
  endpoints text[] not null,
  enroll_endpoints text[] not null,
  published_at timestamptz not null default now()
);

comment on table natsweep.collector_endpoint is 'What an enrolment token carries to an agent.';
comment on column natsweep.collector_endpoint.collector_id is 'The collector.';
comment on column natsweep.collector_endpoint.public_key is 'Its CURVE public key, 32 bytes.';
comment on column natsweep.collector_endpoint.next_public_key is
  'The key that will replace it, which agents are told before it does; null: none.';
comment on column natsweep.collector_endpoint.next_key_at is
  'Since when agents are told; who has not been connected since does not know the next key.';
comment on column natsweep.collector_endpoint.endpoints is 'Where agents connect, such as tcp://collector.example:4500.';
comment on column natsweep.collector_endpoint.enroll_endpoints is 'Where they enrol.';
comment on column natsweep.collector_endpoint.published_at is 'When the collector said so.';

alter table natsweep.collector_endpoint enable row level security;
alter table natsweep.collector_endpoint force row level security;
create policy owner on natsweep.collector_endpoint to natsweep_owner using (true) with check (true);
create policy reader on natsweep.collector_endpoint for select to natsweep_operator using (true);
grant select on natsweep.collector_endpoint to natsweep_operator;

commit;
