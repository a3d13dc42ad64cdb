begin;

drop view natsweep.request_progress;

commit;
