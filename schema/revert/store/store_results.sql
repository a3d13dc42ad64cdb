begin;

drop function natsweep.store_results;

commit;
