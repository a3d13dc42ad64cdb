-- Deletes what is older than it is kept.
begin;
set local role natsweep_owner;

create function natsweep.forget(rows_max integer default 5000) returns integer
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  kept natsweep.retention;
  gone integer;
  total integer := 0;
begin
  if not natsweep.clock_trusted() then
    return 0;
  end if;
  for kept in select * from natsweep.retention r where r.keep is not null order by r.name loop
    if kept.name = 'request' then
      gone := natsweep.forget_requests(now() - kept.keep, rows_max);
    else
      execute format('delete from natsweep.%1$I
          where ctid = any (array(select o.ctid from natsweep.%1$I o where o.%2$I < $1 limit $2))',
        kept.name, kept.stamp) using now() - kept.keep, rows_max;
      get diagnostics gone = row_count;
    end if;
    total := total + gone;
  end loop;
  return total;
end
$$;

comment on function natsweep.forget(integer) is
  'Deletes at most so many rows of each table in retention that are older than they are kept; returns how many. tick() calls it, '
  'so much at a time that nobody waits.';

commit;
