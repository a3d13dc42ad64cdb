begin;

drop type natsweep.command;

commit;
