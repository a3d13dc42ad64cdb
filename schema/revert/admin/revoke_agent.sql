begin;

drop function natsweep.revoke_agent;

commit;
