begin;

drop function natsweep.drop_schedule;

commit;
