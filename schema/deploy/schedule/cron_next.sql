-- When a cron expression comes next.
begin;
set local role natsweep_owner;

create function natsweep.cron_next(cron text, time_zone text, after timestamptz) returns timestamptz
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  days constant integer := 8 * 366; -- 29 February may be eight years away
  field constant text[] := regexp_split_to_array(btrim(case btrim(cron)
    when '@hourly' then '0 * * * *'
    when '@daily' then '0 0 * * *'
    when '@weekly' then '0 0 * * 0'
    when '@monthly' then '0 0 1 * *'
    else cron
  end), '\s+');
  minutes integer[];
  hours integer[];
  month_days integer[];
  months integer[];
  week_days integer[];
  day date;
  found timestamptz;
begin
  if cardinality(field) is distinct from 5 then
    raise exception 'cron expression: "%" has not the five fields minute, hour, day, month, weekday', cron
      using errcode = 'invalid_parameter_value', hint = 'Such as "30 2 * * 1-5", or @hourly, @daily, @weekly, @monthly.';
  end if;
  minutes := natsweep.cron_field(field[1], 0, 59);
  hours := natsweep.cron_field(field[2], 0, 23);
  month_days := natsweep.cron_field(field[3], 1, 31);
  months := natsweep.cron_field(field[4], 1, 12, '{jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec}');
  week_days := natsweep.cron_field(field[5], 0, 7, '{sun,mon,tue,wed,thu,fri,sat}');
  for n in 0 .. days loop
    day := (after at time zone time_zone)::date + n;
    continue when date_part('month', day) <> all (months);
    -- Day and weekday both given: either will do, as cron has always done it.
    continue when not case
      when field[3] like '*%' or field[5] like '*%' then
        date_part('day', day) = any (month_days)
          and (date_part('dow', day) = any (week_days) or date_part('isodow', day) = any (week_days))
      else date_part('day', day) = any (month_days)
        or date_part('dow', day) = any (week_days) or date_part('isodow', day) = any (week_days)
    end;
    select min(t.at) into found
    from (select (day + make_time(h, m, 0)) at time zone time_zone as at from unnest(hours) as h, unnest(minutes) as m) as t
    where t.at > after;
    if found is not null then
      return found;
    end if;
  end loop;
  raise exception 'cron expression: "%" never comes', cron using errcode = 'invalid_parameter_value';
end
$$;

comment on function natsweep.cron_next(text, text, timestamptz) is
  'The first time after another that a cron expression of five fields means on the clocks of a time zone. A time that the clocks '
  'skip comes when they have been put forward; one that they show twice comes once.';
grant execute on function natsweep.cron_next(text, text, timestamptz) to natsweep_viewer;

commit;
