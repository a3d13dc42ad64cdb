begin;

drop function natsweep.dashboard_sweeps;

commit;
