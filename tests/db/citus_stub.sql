-- What the change needs of Citus, on plain PostgreSQL: notes the calls and keeps the catalogue as Citus does. It moves no rows.
set allow_system_table_mods = on;
insert into pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
values (99999, 'citus', 10, 'pg_catalog'::regnamespace, false, 'stub');
create schema stub;
create table stub.call (position serial primary key, name text, relation regclass, key text, colocate_with text, mode text);
create table pg_catalog.pg_dist_partition (logicalrelid regclass primary key, partmethod "char", repmodel "char", colocationid integer);

create function stub.take(relation regclass) returns void language plpgsql as $$
begin
  if exists (select from pg_policy p where p.polrelid = relation and p.polqual::text like '%{SUBLINK%') then
    raise exception 'cannot create policy' using detail = 'Subqueries are not supported in policies on distributed tables';
  end if;
  if exists (select from pg_constraint c where c.confrelid = relation and c.contype = 'f' and c.conparentid = 0
      and c.conrelid = any ('{natsweep.sweep,natsweep.webhook,natsweep.customer_member}'::regclass[])) then
    raise exception 'a table of the coordinator refers to %', relation;
  end if;
end $$;

create function pg_catalog.create_reference_table(table_name regclass) returns void language plpgsql as $$
begin
  perform stub.take(table_name);
  insert into stub.call (name, relation, mode) values ('reference', table_name, current_setting('citus.multi_shard_modify_mode', true));
  insert into pg_dist_partition values (table_name, 'n', 't', 1);
end $$;

create function pg_catalog.create_distributed_table(
  table_name regclass, distribution_column text, distribution_type text default 'hash', colocate_with text default 'default',
  shard_count integer default null) returns void language plpgsql as $$
begin
  perform stub.take(table_name);
  insert into stub.call (name, relation, key, colocate_with, mode)
  values ('distributed', table_name, distribution_column, colocate_with, current_setting('citus.multi_shard_modify_mode', true));
  insert into pg_dist_partition values (table_name, 'h', 's',
    case colocate_with when 'none' then 2 else (select d.colocationid from pg_dist_partition d where d.logicalrelid = colocate_with::regclass) end);
end $$;

create function pg_catalog.undistribute_table(table_name regclass, cascade_via_foreign_keys boolean default false) returns void
language plpgsql as $$
begin
  insert into stub.call (name, relation) values ('undistribute', table_name);
  delete from pg_dist_partition where logicalrelid = table_name;
end $$;
