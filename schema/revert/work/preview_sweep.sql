begin;

drop function natsweep.preview_sweep;

commit;
