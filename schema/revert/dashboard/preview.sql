begin;

drop function natsweep.dashboard_preview;

commit;
