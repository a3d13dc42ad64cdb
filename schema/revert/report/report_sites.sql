begin;

drop function natsweep.report_sites;

commit;
