begin;

drop function natsweep.check_label;

commit;
