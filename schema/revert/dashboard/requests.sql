begin;

drop function natsweep.dashboard_requests;

commit;
