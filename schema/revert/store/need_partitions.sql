begin;

drop function natsweep.need_partitions;

commit;
