begin;

drop function natsweep.dashboard_verdicts;

commit;
