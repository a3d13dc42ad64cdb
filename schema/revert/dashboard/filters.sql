begin;

drop function natsweep.dashboard_filters;

commit;
