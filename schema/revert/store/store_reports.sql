begin;

drop function natsweep.store_reports;

commit;
