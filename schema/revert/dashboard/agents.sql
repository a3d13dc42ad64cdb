begin;

drop function natsweep.dashboard_agents;

commit;
