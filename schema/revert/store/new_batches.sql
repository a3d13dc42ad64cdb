begin;

drop function natsweep.new_batches;

commit;
