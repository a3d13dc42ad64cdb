begin;

drop function natsweep.forget;

commit;
