begin;

drop function natsweep.dashboard_selector;

commit;
