begin;

drop function natsweep.dashboard_change_request;

commit;
