begin;

drop function natsweep.stale_after;

commit;
