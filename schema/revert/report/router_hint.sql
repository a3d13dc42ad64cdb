begin;

drop function natsweep.router_hint;

commit;
