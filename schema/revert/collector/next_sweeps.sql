begin;

drop function natsweep.next_sweeps;

commit;
