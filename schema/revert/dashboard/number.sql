begin;

drop function natsweep.dashboard_number;

commit;
