begin;

drop function natsweep.ports_of;

commit;
