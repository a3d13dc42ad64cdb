begin;

drop function natsweep.make_room;

commit;
