begin;

drop type natsweep.part_in;

commit;
