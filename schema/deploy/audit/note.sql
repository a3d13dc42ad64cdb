-- Writes down who asked for what.
begin;
set local role natsweep_owner;

create function natsweep.note(what text, customers bigint[], detail jsonb, who name default session_user) returns void
  language sql set search_path = pg_catalog, pg_temp
begin atomic
  insert into natsweep.audit (who, what, customers, detail)
  values (note.who, note.what, coalesce(note.customers, '{}'), note.detail);
end;

comment on function natsweep.note(text, bigint[], jsonb, name) is 'Adds an entry to audit.';

commit;
