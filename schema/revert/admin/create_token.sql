begin;

drop function natsweep.create_token;

commit;
