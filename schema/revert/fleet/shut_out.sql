begin;

drop function natsweep.shut_out;

commit;
