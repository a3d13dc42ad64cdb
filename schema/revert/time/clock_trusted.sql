begin;

drop function natsweep.clock_trusted;

commit;
