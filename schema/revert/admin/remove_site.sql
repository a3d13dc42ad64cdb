begin;

drop function natsweep.remove_site;

commit;
