begin;

drop function natsweep.grouped_plan;

commit;
