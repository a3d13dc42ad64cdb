begin;

drop function natsweep.reject_report;

commit;
