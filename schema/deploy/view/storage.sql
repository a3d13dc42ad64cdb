-- What the tables take on disk.
begin;
set local role natsweep_owner;

create view natsweep.storage with (security_invoker) as
  select c.relname::text as "table", f.keep, p.months, p.row_count, p.bytes,
    round(p.bytes / nullif(p.row_count, 0)::numeric, 1) as bytes_a_row
  from pg_catalog.pg_class c
  left join natsweep.fact_table f on f.name = c.relname
  cross join lateral (
    select count(*) filter (where t.level > 0) as months,
      sum(greatest(m.reltuples, 0)) filter (where t.isleaf)::bigint as row_count,
      sum(pg_catalog.pg_total_relation_size(t.relid))::bigint as bytes
    from pg_catalog.pg_partition_tree(c.oid) t
    join pg_catalog.pg_class m on m.oid = t.relid
  ) as p
  where c.relnamespace = 'natsweep'::regnamespace and c.relkind = 'p'
  union all
  select c.relname::text, r.keep, 0, greatest(c.reltuples, 0)::bigint, pg_catalog.pg_total_relation_size(c.oid),
    round(pg_catalog.pg_total_relation_size(c.oid) / nullif(greatest(c.reltuples, 0), 0)::numeric, 1)
  from pg_catalog.pg_class c
  left join natsweep.retention r on r.name = c.relname
  where c.relnamespace = 'natsweep'::regnamespace and c.relkind = 'r' and not c.relispartition;

comment on view natsweep.storage is 'One row a table: its size with indexes, and how long its rows are kept.';
comment on column natsweep.storage."table" is 'The table.';
comment on column natsweep.storage.keep is
  'A month is dropped when it ended so long ago, rows of a table that is not kept by months when they are so old; null: never.';
comment on column natsweep.storage.months is 'How many months there are; 0: it is not kept by months.';
comment on column natsweep.storage.row_count is 'Rows, as of the last vacuum or analyze.';
comment on column natsweep.storage.bytes is 'Bytes on disk, with indexes.';
comment on column natsweep.storage.bytes_a_row is 'Bytes divided by rows.';
grant select on natsweep.storage to natsweep_admin;

commit;
