-- Whether it is quiet time.
begin;
set local role natsweep_owner;

create function natsweep.in_quiet_hours(quiet_hours text, time_zone text, moment timestamptz) returns boolean
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  clock constant text := '([01][0-9]|2[0-3]):[0-5][0-9]';
  first time;
  last time;
  local time;
begin
  begin
    local := (moment at time zone time_zone)::time;
  exception when invalid_parameter_value then
    raise exception 'there is no time zone "%"', time_zone
      using errcode = 'invalid_parameter_value', hint = 'Such as UTC or Europe/Berlin; pg_timezone_names lists them.';
  end;
  if quiet_hours is null then
    return false;
  end if;
  if quiet_hours !~ format('^%s-%s$', clock, clock) or split_part(quiet_hours, '-', 1) = split_part(quiet_hours, '-', 2) then
    raise exception 'quiet hours are HH:MM-HH:MM, such as 07:30-19:00, not "%"', quiet_hours
      using errcode = 'invalid_parameter_value';
  end if;
  first := split_part(quiet_hours, '-', 1);
  last := split_part(quiet_hours, '-', 2);
  return case when first < last then local >= first and local < last else local >= first or local < last end;
end
$$;

comment on function natsweep.in_quiet_hours(text, text, timestamptz) is
  'Whether a time lies in hours of the day (HH:MM-HH:MM, also past midnight) as the clock shows them in a time zone. Refuses what '
  'is neither.';

commit;
