-- Sites whose judgement is out of date.
begin;
set local role natsweep_owner;

create table natsweep.judge_due (
  site_id bigint not null,
  at timestamptz not null
);

comment on table natsweep.judge_due is
  'What judge() still has to look at: a row for each report that was stored, in the same transaction, so that none is forgotten '
  'or judged before it can be seen. Rows are only added and taken.';
comment on column natsweep.judge_due.site_id is 'The site.';
comment on column natsweep.judge_due.at is 'Judge its sweeps from this one on.';

alter table natsweep.judge_due enable row level security;
alter table natsweep.judge_due force row level security;
create policy owner on natsweep.judge_due to natsweep_owner using (true) with check (true);

commit;
