begin;

drop table natsweep.webhook_quiet;

commit;
