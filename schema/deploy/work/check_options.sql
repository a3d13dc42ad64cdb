-- What the options of a request may say.
begin;
set local role natsweep_owner;

create function natsweep.check_options(options jsonb) returns void
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  known constant text[] := '{family,mode,pace,patience_s,deadline_s,expires_s,priority,not_before,jitter_s,quiet_hours,time_zone,
    in_flight,per_address,stop_percent,attempts}';
  wrong text;
begin
  if jsonb_typeof(options) is distinct from 'object' then
    raise exception 'options: they must be an object, not %', coalesce(options::text, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  select k into wrong from jsonb_object_keys(options) as k where k <> all (known) limit 1;
  if found then
    raise exception 'options: unknown option "%"', wrong
      using errcode = 'invalid_parameter_value', hint = 'Known: ' || array_to_string(known, ', ') || '.';
  end if;
  if coalesce(options ->> 'family', '4') not in ('4', '6') then
    raise exception 'options: "family" must be 4 or 6, not "%"', options ->> 'family' using errcode = 'invalid_parameter_value';
  end if;
  if coalesce(options ->> 'mode', 'auto') <> all (natsweep.mode_words()) then
    raise exception 'options: "mode" must be one of %, not "%"', array_to_string(natsweep.mode_words(), ', '), options ->> 'mode'
      using errcode = 'invalid_parameter_value';
  end if;
  perform natsweep.in_quiet_hours(options ->> 'quiet_hours', coalesce(options ->> 'time_zone', 'UTC'), now());
end
$$;

comment on function natsweep.check_options(jsonb) is 'Refuses unknown options and words, with a sentence that names them.';

commit;
