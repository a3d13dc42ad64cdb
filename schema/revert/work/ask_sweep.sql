begin;

drop function natsweep.ask_sweep;

commit;
