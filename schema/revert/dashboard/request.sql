begin;

drop function natsweep.dashboard_request;

commit;
