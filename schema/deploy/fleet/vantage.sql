-- STUN and TURN servers the fleet sweeps against.
begin;
set local role natsweep_owner;

create table natsweep.vantage (
  vantage_id bigserial primary key,
  name natsweep.label not null unique,
  stun_server text not null,
  turn_server text,
  sip_echo text,
  position integer not null,
  in_flight_max integer check (in_flight_max > 0)
);

comment on table natsweep.vantage is 'The servers agents sweep against, in the order they are tried.';
comment on column natsweep.vantage.vantage_id is 'The vantage.';
comment on column natsweep.vantage.name is 'What people call it.';
comment on column natsweep.vantage.stun_server is 'HOST[:PORT] of a STUN server with two addresses.';
comment on column natsweep.vantage.turn_server is 'HOST[:PORT] for inbound TCP; null: the STUN server.';
comment on column natsweep.vantage.sip_echo is 'HOST[:PORT] of the SIP echo for the ALG test; null: no such test.';
comment on column natsweep.vantage.position is 'Lower is tried first.';
comment on column natsweep.vantage.in_flight_max is
  'So many sweeps at a time in the whole fleet, counted on the vantage that is tried first; null: no limit.';

alter table natsweep.vantage enable row level security;
alter table natsweep.vantage force row level security;
create policy owner on natsweep.vantage to natsweep_owner using (true) with check (true);
create policy reader on natsweep.vantage for select to natsweep_viewer using (true);
grant select on natsweep.vantage to natsweep_viewer;

commit;
