begin;

drop function natsweep.spare_alternatives;

commit;
