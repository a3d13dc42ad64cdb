begin;

drop function natsweep.selected_sites;

commit;
