begin;

drop view natsweep.worst_site;

commit;
