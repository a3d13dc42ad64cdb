begin;

drop function natsweep.note;

commit;
