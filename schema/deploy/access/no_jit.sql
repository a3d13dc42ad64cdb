-- No compiling of queries in this database.
begin;

-- A table of months looks costly to the planner even when one row is read by key, so PostgreSQL would compile nearly every query
-- of a dashboard; that takes ten times longer than the query.
do $$
begin
  execute format('alter database %I set jit = off', current_database());
exception when insufficient_privilege then
  raise warning 'jit stays on: only the owner of the database may turn it off, and dashboards are faster without it';
end
$$;

commit;
