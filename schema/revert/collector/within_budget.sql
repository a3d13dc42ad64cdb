begin;

drop function natsweep.within_budget;

commit;
