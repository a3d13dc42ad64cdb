begin;

drop function natsweep.cron_next;

commit;
