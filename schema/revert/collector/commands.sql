begin;

drop function natsweep.commands;

commit;
