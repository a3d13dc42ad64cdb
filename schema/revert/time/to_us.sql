begin;

drop function natsweep.to_us;

commit;
