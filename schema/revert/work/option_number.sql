begin;

drop function natsweep.option_number;

commit;
