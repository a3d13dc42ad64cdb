begin;

drop function natsweep.agents_seen;

commit;
