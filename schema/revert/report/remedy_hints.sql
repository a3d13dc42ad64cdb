begin;

drop function natsweep.remedy_hints;

commit;
