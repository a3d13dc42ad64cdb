begin;

drop function natsweep.note_results;

commit;
