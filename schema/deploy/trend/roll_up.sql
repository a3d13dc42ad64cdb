-- Adds up the days that are due.
begin;
set local role natsweep_owner;

create function natsweep.roll_up(days_max integer default 20) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp set jit = off -- compiling would take longer than the work
as $$
declare
  due natsweep.day_due;
  done integer := 0;
begin
  perform from natsweep.mutex m where m.name = 'judge' for update skip locked; -- judge() adds what is due
  if not found then
    return 0;
  end if;
  for due in select * from natsweep.day_due d where d.due_at <= now() order by d.due_at, d.day desc limit days_max loop
    perform natsweep.roll_up_day(due.customer_id, due.day);
    delete from natsweep.day_due d where d.customer_id = due.customer_id and d.day = due.day;
    done := done + 1;
  end loop;
  return done;
end
$$;

comment on function natsweep.roll_up(integer) is
  'Adds up at most so many of the days that are due, under the lock of judge(); returns how many.';
grant execute on function natsweep.roll_up(integer) to natsweep_collector;

commit;
