begin;

drop function natsweep.alternative_works;

commit;
