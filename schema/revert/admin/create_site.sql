begin;

drop function natsweep.create_site;

commit;
