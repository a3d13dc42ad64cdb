begin;

drop view natsweep.storage;

commit;
