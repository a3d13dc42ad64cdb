begin;

drop type natsweep.report_in;

commit;
