-- Refuses what is no name.
begin;
set local role natsweep_owner;

create function natsweep.check_label(what text, name text) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
begin
  if name is null then
    raise check_violation;
  end if;
  perform name::natsweep.label;
exception when check_violation then
  raise exception '"%" is no name for a %; use 1 to 256 bytes on one line, no blanks at the ends, no control characters', name, what
    using errcode = 'invalid_parameter_value';
end
$$;

comment on function natsweep.check_label(text, text) is 'Refuses a name that is no label, in a sentence that says of what it was to be.';

commit;
