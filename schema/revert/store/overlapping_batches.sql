begin;

drop function natsweep.overlapping_batches;

commit;
