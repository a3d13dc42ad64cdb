begin;

drop function natsweep.as_expected;

commit;
