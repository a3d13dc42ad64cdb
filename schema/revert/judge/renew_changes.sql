begin;

drop function natsweep.renew_changes;

commit;
