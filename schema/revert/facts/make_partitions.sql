begin;

drop function natsweep.make_partitions;

commit;
