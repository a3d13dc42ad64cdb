begin;

drop function natsweep.tokens;

commit;
