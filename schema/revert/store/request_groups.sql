begin;

drop function natsweep.request_groups;

commit;
