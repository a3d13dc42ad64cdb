begin;

drop function natsweep.retry_sweeps;

commit;
