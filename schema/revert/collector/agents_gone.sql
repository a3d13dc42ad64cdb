begin;

drop function natsweep.agents_gone;

commit;
