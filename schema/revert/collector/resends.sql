begin;

drop function natsweep.resends;

commit;
