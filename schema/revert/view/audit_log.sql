begin;

drop view natsweep.audit_log;

commit;
