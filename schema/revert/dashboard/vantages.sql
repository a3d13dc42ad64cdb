begin;

drop function natsweep.dashboard_vantages;

commit;
