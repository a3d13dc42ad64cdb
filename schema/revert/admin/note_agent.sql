begin;

drop function natsweep.note_agent;

commit;
