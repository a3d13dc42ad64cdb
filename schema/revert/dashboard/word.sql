begin;

drop function natsweep.dashboard_word;

commit;
