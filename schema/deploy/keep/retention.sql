-- How long rows are kept that are not kept by months.
begin;
set local role natsweep_owner;

create table natsweep.retention (
  name name primary key,
  stamp name not null,
  keep interval
);

comment on table natsweep.retention is
  'Tables whose rows forget() deletes when they are old; the tables of facts, which are dropped by months, are in fact_table.';
comment on column natsweep.retention.name is 'A table of the schema natsweep.';
comment on column natsweep.retention.stamp is 'Its column with the time that counts.';
comment on column natsweep.retention.keep is 'Rows older than this are deleted; null: never.';
grant select on natsweep.retention to natsweep_viewer;

insert into natsweep.retention (name, stamp, keep) values
  ('change', 'at', interval '5 years'),
  ('vantage_fault', 'at', interval '5 years'),
  ('site_day', 'day', interval '5 years'),
  ('customer_day', 'day', null),
  ('port_day', 'day', interval '5 years'),
  ('audit', 'at', interval '5 years'),
  ('request', 'expires_at', interval '400 days');

commit;
