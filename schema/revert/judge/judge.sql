begin;

drop function natsweep.judge;

commit;
