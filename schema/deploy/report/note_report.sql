-- When a customer last had a report.
begin;
set local role natsweep_owner;

create function natsweep.note_report(customer text) returns timestamptz
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  id constant bigint := natsweep.find_customer(customer);
  last constant timestamptz := (select max(a.at) from natsweep.audit a where a.what = 'report' and a.customers = array[id]);
begin
  if pg_has_role(session_user, 'natsweep_operator', 'member') then
    perform natsweep.note('report', array[id], '{}');
  end if;
  return last;
end
$$;

comment on function natsweep.note_report(text) is
  'Writes down that a report for a customer was made, so that the next one tells what changed since; returns when the one before '
  'was. A viewer''s reports are not counted.';
grant execute on function natsweep.note_report(text) to natsweep_viewer;

commit;
