begin;

drop function natsweep.check_selector;

commit;
