begin;

drop function natsweep.set_retention;

commit;
