begin;

drop function natsweep.new_results;

commit;
