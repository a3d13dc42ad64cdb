-- What a sweep found out about a site.
begin;
set local role natsweep_owner;

create table natsweep.sweep_result (
  site_id bigint not null,
  at timestamptz not null,
  sweep_id bigint not null,
  outcome smallint not null,
  family smallint not null,
  message text not null,
  advice text[] not null default '{}',
  warnings jsonb not null default '[]',
  server_name text,
  server_address inet,
  server_port integer,
  other_address inet,
  other_port integer,
  local_address inet,
  public_address inet,
  started_at timestamptz not null,
  duration_us bigint not null,
  nat_class smallint,
  mapping smallint,
  filtering smallint,
  port_preservation boolean,
  hairpin boolean,
  generic_alg boolean,
  double_nat boolean,
  sip_alg boolean,
  sip_alg_diff text,
  binding_lifetime_s integer,
  forwarding smallint,
  port_count integer not null,
  pass_count integer not null,
  fail_count integer not null,
  unjudged_count integer not null,
  stored_at timestamptz not null default now(),
  primary key (site_id, at, sweep_id)
) partition by range (at);

comment on table natsweep.sweep_result is 'One row a sweep that reported: the site''s outcome and its NAT. Kept for years.';
comment on column natsweep.sweep_result.site_id is 'The site.';
comment on column natsweep.sweep_result.at is
  'When the sweep was first claimed, by the database''s clock: the same in every resend.';
comment on column natsweep.sweep_result.sweep_id is 'The sweep.';
comment on column natsweep.sweep_result.outcome is 'Number of the outcome.';
comment on column natsweep.sweep_result.family is '4 or 6.';
comment on column natsweep.sweep_result.message is 'The outcome in one sentence.';
comment on column natsweep.sweep_result.advice is 'What to do about it.';
comment on column natsweep.sweep_result.warnings is 'List of {"code", "message"}.';
comment on column natsweep.sweep_result.server_name is 'The STUN server as the command named it.';
comment on column natsweep.sweep_result.server_address is 'Its address.';
comment on column natsweep.sweep_result.server_port is 'Its port.';
comment on column natsweep.sweep_result.other_address is 'The second address it announced.';
comment on column natsweep.sweep_result.other_port is 'The second port it announced.';
comment on column natsweep.sweep_result.local_address is 'What the agent sent from.';
comment on column natsweep.sweep_result.public_address is 'What the server saw.';
comment on column natsweep.sweep_result.started_at is 'When it started, by the agent''s clock.';
comment on column natsweep.sweep_result.duration_us is 'How long it took, microseconds.';
comment on column natsweep.sweep_result.nat_class is 'Number of the NAT class.';
comment on column natsweep.sweep_result.mapping is 'Number of the mapping behaviour.';
comment on column natsweep.sweep_result.filtering is 'Number of the filtering behaviour.';
comment on column natsweep.sweep_result.port_preservation is 'Whether the NAT keeps ports that nobody forwarded.';
comment on column natsweep.sweep_result.hairpin is 'Whether the public address works from inside.';
comment on column natsweep.sweep_result.generic_alg is 'Whether something rewrites addresses in payloads.';
comment on column natsweep.sweep_result.double_nat is 'Whether there are two NATs in a row.';
comment on column natsweep.sweep_result.sip_alg is 'Whether a SIP ALG rewrites messages.';
comment on column natsweep.sweep_result.sip_alg_diff is 'What it rewrote, one line each with + or -.';
comment on column natsweep.sweep_result.binding_lifetime_s is 'How long a silent mapping lives, seconds.';
comment on column natsweep.sweep_result.forwarding is 'Number of the degree of forwarding.';
comment on column natsweep.sweep_result.port_count is 'Ports of the sweep.';
comment on column natsweep.sweep_result.pass_count is 'Judged ports that are as expected.';
comment on column natsweep.sweep_result.fail_count is 'Judged ports that are not.';
comment on column natsweep.sweep_result.unjudged_count is 'Ports that could not be judged.';
comment on column natsweep.sweep_result.stored_at is 'When the report was stored.';

alter table natsweep.sweep_result enable row level security;
alter table natsweep.sweep_result force row level security;
create policy owner on natsweep.sweep_result to natsweep_owner using (true) with check (true);
create policy reader on natsweep.sweep_result for select to natsweep_viewer
  using ((select natsweep.sees_all()) or site_id in (select s.site_id from natsweep.site s));
grant select on natsweep.sweep_result to natsweep_viewer;

insert into natsweep.fact_table (name, keep) values ('sweep_result', null);
do $$ begin perform natsweep.make_partitions(); end $$;

commit;
