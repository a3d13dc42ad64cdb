begin;

do $$
begin
  execute format('alter database %I reset jit', current_database());
exception when insufficient_privilege then
  null; -- it was never set
end
$$;

commit;
