begin;

drop function natsweep.move_site;

commit;
