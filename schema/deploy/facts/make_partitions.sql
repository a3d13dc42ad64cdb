-- Monthly partitions made ahead and dropped when old.
begin;
set local role natsweep_owner;

create function natsweep.make_partitions() returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '100ms'
as $$
declare
  -- The month before, for a sweep claimed before the schema was deployed anew; two ahead, so that a tick may fail for weeks.
  first_month constant timestamp := date_trunc('month', now() at time zone 'utc') - interval '1 month';
  months constant integer := 4;
  trusted constant boolean := natsweep.clock_trusted();
  fact natsweep.fact_table;
  month timestamp;
  part name;
  changed integer := 0;
begin
  perform set_config('citus.multi_shard_modify_mode', 'sequential', true);
  for fact in select * from natsweep.fact_table loop
    for i in 0 .. months - 1 loop
      month := first_month + make_interval(months => i);
      part := fact.name || to_char(month, '_YYYY_MM');
      continue when to_regclass(format('natsweep.%I', part)) is not null
        or month + interval '1 month' <= (now() at time zone 'utc') - fact.keep;
      -- Attached, because "create table ... partition of" would wait for everybody who reads the table, and all others for it.
      execute format('create table natsweep.%I (like natsweep.%I including all excluding comments)', part, fact.name);
      execute format('alter table natsweep.%I attach partition natsweep.%I for values from (%L) to (%L)',
        fact.name, part, month::text || '+00', (month + interval '1 month')::text || '+00');
      execute format('comment on table natsweep.%I is %L', part, format('%s of %s.', fact.name, to_char(month, 'YYYY-MM')));
      execute format('alter table natsweep.%I enable row level security', part);
      execute format('alter table natsweep.%I force row level security', part);
      changed := changed + 1;
    end loop;
    for part in
      select c.relname
      from pg_inherits i
      join pg_class c on c.oid = i.inhrelid
      where trusted and i.inhparent = format('natsweep.%I', fact.name)::regclass
        and to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= (now() at time zone 'utc') - fact.keep
    loop
      begin
        execute format('drop table natsweep.%I', part);
        changed := changed + 1;
      exception when lock_not_available then
        null; -- somebody reads it: a later tick
      end;
    end loop;
  end loop;
  return changed;
end
$$;

comment on function natsweep.make_partitions() is
  'Makes the months of every table of facts that will soon be written and drops those past their time; returns how many it made '
  'and dropped.';

commit;
