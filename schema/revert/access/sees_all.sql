begin;

drop function natsweep.sees_all;

commit;
