begin;

drop function natsweep.tag_site;

commit;
