begin;

drop function natsweep.cancels_told;

commit;
