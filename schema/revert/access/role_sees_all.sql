begin;

drop function natsweep.role_sees_all;

commit;
