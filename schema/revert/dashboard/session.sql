begin;

drop function natsweep.dashboard_session;

commit;
