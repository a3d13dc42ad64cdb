begin;

drop function natsweep.is_recheck;

commit;
