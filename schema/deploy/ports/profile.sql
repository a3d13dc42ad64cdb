-- Port profiles.
begin;
set local role natsweep_owner;

create table natsweep.profile (
  name text primary key check (name ~ '^[a-z0-9][a-z0-9_-]{0,31}$'),
  title text not null
);

comment on table natsweep.profile is 'Named port lists, written @NAME.';
comment on column natsweep.profile.name is 'The name after the @.';
comment on column natsweep.profile.title is 'What it is for.';
grant select on natsweep.profile to natsweep_viewer;

commit;
