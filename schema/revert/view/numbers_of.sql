begin;

drop function natsweep.numbers_of;

commit;
