begin;

drop function natsweep.check_options;

commit;
