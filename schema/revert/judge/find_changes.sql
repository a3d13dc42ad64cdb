begin;

drop function natsweep.find_changes;

commit;
