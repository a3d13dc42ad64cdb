begin;

drop function natsweep.dashboard_sweep;

commit;
