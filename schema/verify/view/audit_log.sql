begin;

select * from natsweep.audit_log where false;

rollback;
