begin;

drop table natsweep.webhook;

commit;
