-- Changes how long something is kept.
begin;
set local role natsweep_owner;

create function natsweep.set_retention("table" text, keep interval) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  shortest constant interval := '14 days'; -- rechecks, flapping and staleness look back for a week
begin
  if keep < shortest or keep > interval '100 years' then
    raise exception 'rows are kept for % to 100 years or for ever, not for "%"', shortest, keep
      using errcode = 'invalid_parameter_value';
  end if;
  update natsweep.fact_table f set keep = set_retention.keep where f.name = "table";
  if not found then
    update natsweep.retention r set keep = set_retention.keep where r.name = "table";
  end if;
  if not found then
    raise exception 'the table "%" is not kept for a time of its own', "table"
      using errcode = 'no_data_found', hint = (
        select 'Those that are: ' || string_agg(t.name, ', ' order by t.name) || '.'
        from (select f.name from natsweep.fact_table f union all select r.name from natsweep.retention r) as t);
  end if;
  perform natsweep.note('set_retention', null, jsonb_build_object('table', "table", 'keep', keep));
end
$$;

comment on function natsweep.set_retention(text, interval) is
  'How long the rows of a table are kept; null: for ever. Tables of facts are dropped by months, others lose their old rows.';
grant execute on function natsweep.set_retention(text, interval) to natsweep_admin;

commit;
