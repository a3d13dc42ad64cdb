begin;

drop function natsweep.cancel_site;

commit;
