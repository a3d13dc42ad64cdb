begin;

drop function natsweep.tick;

commit;
