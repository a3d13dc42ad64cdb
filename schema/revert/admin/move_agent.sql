begin;

drop function natsweep.move_agent;

commit;
