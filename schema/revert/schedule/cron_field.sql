begin;

drop function natsweep.cron_field;

commit;
