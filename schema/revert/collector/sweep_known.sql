begin;

drop function natsweep.sweep_known;

commit;
