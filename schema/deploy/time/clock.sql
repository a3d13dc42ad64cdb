-- Whether the time can be believed.
begin;
set local role natsweep_owner;

create table natsweep.clock (
  seen_at timestamptz not null default now(),
  trusted_from timestamptz not null default '-infinity'
) with (fillfactor = 50);
create unique index clock_one on natsweep.clock ((true));

comment on table natsweep.clock is
  'One row: what tick() saw of the time. A clock that has jumped may jump back, so nothing is deleted for its age until a day '
  'later.';
comment on column natsweep.clock.seen_at is 'The time at the last tick.';
comment on column natsweep.clock.trusted_from is 'Until then nothing is deleted for its age.';

alter table natsweep.clock enable row level security;
alter table natsweep.clock force row level security;
create policy owner on natsweep.clock to natsweep_owner using (true) with check (true);

insert into natsweep.clock default values;

commit;
