begin;

drop function natsweep.site_cause;

commit;
