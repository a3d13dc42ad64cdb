begin;

drop function natsweep.note_report;

commit;
