-- One field of a cron expression.
begin;
set local role natsweep_owner;

create function natsweep.cron_field(field text, lowest integer, highest integer, words text[] default '{}') returns integer[]
  language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
  item text;
  part text[];
  first integer;
  last integer;
  numbers integer[] := '{}';
begin
  foreach item in array string_to_array(lower(field), ',') loop
    for i in 1 .. cardinality(words) loop
      item := regexp_replace(item, '\m' || words[i] || '\M', (lowest + i - 1)::text, 'g');
    end loop;
    part := regexp_match(item, '^(?:(\*)|([0-9]{1,4})(?:-([0-9]{1,4}))?)(?:/([0-9]{1,4}))?$');
    first := case when part[1] = '*' then lowest else part[2]::integer end;
    last := case when part[1] = '*' then highest
      else coalesce(part[3]::integer, case when part[4] is null then first else highest end) end;
    if part is null or first < lowest or last > highest or first > last or part[4]::integer = 0 then
      raise exception 'cron expression: "%" is nothing from % to %', item, lowest, highest
        using errcode = 'invalid_parameter_value',
          hint = 'A field is *, a number, a range 1-5, a step */15 or 8-18/2, or a list of these.';
    end if;
    numbers := numbers || array(select generate_series(first, last, coalesce(part[4]::integer, 1)));
  end loop;
  return array(select distinct n from unnest(numbers) as n order by n);
end
$$;

comment on function natsweep.cron_field(text, integer, integer, text[]) is
  'The numbers that a field of a cron expression means; words stand for numbers from the lowest on.';
grant execute on function natsweep.cron_field(text, integer, integer, text[]) to natsweep_viewer;

commit;
