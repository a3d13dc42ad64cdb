-- The partitioned tables of facts and how long each is kept.
begin;
set local role natsweep_owner;

create table natsweep.fact_table (
  name name primary key,
  keep interval
);

comment on table natsweep.fact_table is
  'The tables of facts: partitioned by month of at, without foreign keys and triggers. Upkeep reads this list.';
comment on column natsweep.fact_table.name is 'A table of the schema natsweep.';
comment on column natsweep.fact_table.keep is 'A month is dropped when it ended so long ago; null: never.';
grant select on natsweep.fact_table to natsweep_viewer;

commit;
