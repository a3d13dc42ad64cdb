begin;

drop function natsweep.find_site;

commit;
