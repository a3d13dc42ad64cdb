begin;

drop function natsweep.plan_ids;

commit;
