begin;

drop function natsweep.add_user;

commit;
