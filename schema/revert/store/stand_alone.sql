begin;

drop function natsweep.stand_alone;

commit;
