begin;

drop function natsweep.rechecked;

commit;
