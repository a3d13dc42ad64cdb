begin;

drop function natsweep.selector_numbers;

commit;
