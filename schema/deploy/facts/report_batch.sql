-- Which batches of a long report are stored.
begin;
set local role natsweep_owner;

create table natsweep.report_batch (
  site_id bigint not null,
  at timestamptz not null,
  sweep_id bigint not null,
  batch smallint not null,
  batches smallint not null,
  port_count integer not null,
  pass_count integer not null,
  fail_count integer not null,
  unjudged_count integer not null,
  forwarded_count integer not null,
  unforwarded_count integer not null,
  primary key (site_id, at, sweep_id, batch)
) partition by range (at);

comment on table natsweep.report_batch is
  'One row a batch of a report that came in several. Its key, or that of sweep_result for a report in one batch, is what makes a '
  'report that comes twice be stored once: all else of a batch is stored only when this row is new.';
comment on column natsweep.report_batch.site_id is 'The site.';
comment on column natsweep.report_batch.at is 'When the sweep was first claimed.';
comment on column natsweep.report_batch.sweep_id is 'The sweep.';
comment on column natsweep.report_batch.batch is 'Number of the batch, from 0.';
comment on column natsweep.report_batch.batches is 'How many there are.';
comment on column natsweep.report_batch.port_count is 'Its ports.';
comment on column natsweep.report_batch.pass_count is 'Judged ports that are as expected.';
comment on column natsweep.report_batch.fail_count is 'Judged ports that are not.';
comment on column natsweep.report_batch.unjudged_count is 'Ports that could not be judged.';
comment on column natsweep.report_batch.forwarded_count is
  'Judged ports, not expected to be closed, that packets from outside reach.';
comment on column natsweep.report_batch.unforwarded_count is 'Judged ports, not expected to be closed, that they do not reach.';

alter table natsweep.report_batch enable row level security;
alter table natsweep.report_batch force row level security;
create policy owner on natsweep.report_batch to natsweep_owner using (true) with check (true);
create policy reader on natsweep.report_batch for select to natsweep_viewer
  using ((select natsweep.sees_all()) or site_id in (select s.site_id from natsweep.site s));
grant select on natsweep.report_batch to natsweep_viewer;

insert into natsweep.fact_table (name, keep) values ('report_batch', null);
do $$ begin perform natsweep.make_partitions(); end $$;

commit;
