begin;

drop function natsweep.forwarding;

commit;
