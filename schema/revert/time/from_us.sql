begin;

drop function natsweep.from_us;

commit;
