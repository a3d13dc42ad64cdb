begin;

drop function natsweep.dashboard_changes;

commit;
