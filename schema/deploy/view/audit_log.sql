-- Who did what, for people.
begin;
set local role natsweep_owner;

create view natsweep.audit_log with (security_invoker) as
  select a.at, a.who::text as who, a.what,
    array(select c.name::text from natsweep.customer c where c.customer_id = any (a.customers) order by c.name) as customers,
    a.detail, a.audit_id
  from natsweep.audit a;

comment on view natsweep.audit_log is
  'One row a change that somebody made: requests, cancels, pauses, schedules, users, grants, tokens, approvals, vantages, '
  'customers, sites.';
comment on column natsweep.audit_log.at is 'When.';
comment on column natsweep.audit_log.who is 'The login role; for the run of a schedule the one that made it.';
comment on column natsweep.audit_log.what is 'The function that was called.';
comment on column natsweep.audit_log.customers is 'The customers it is about, of those that the reader may see.';
comment on column natsweep.audit_log.detail is 'With what, and what came of it.';
comment on column natsweep.audit_log.audit_id is 'The entry.';
grant select on natsweep.audit_log to natsweep_viewer;

commit;
