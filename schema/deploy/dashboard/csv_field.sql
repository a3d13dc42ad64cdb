-- A field of CSV.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_csv_field(value text) returns text
  language sql immutable parallel safe
  return case
    when value is null then ''
    else '"' || case when value ~ '^[-=+@\t\r]' then '''' else '' end || replace(value, '"', '""') || '"'
  end;

comment on function natsweep.dashboard_csv_field(text) is
  'A text as a quoted field of CSV (RFC 4180). One that a spreadsheet would run as a formula has an apostrophe before it: hosts '
  'choose their own names. So has one that begins with a tab or a carriage return, which a spreadsheet may drop.';
grant execute on function natsweep.dashboard_csv_field(text) to natsweep_viewer;

commit;
