begin;

drop function natsweep.collector_directory;

commit;
