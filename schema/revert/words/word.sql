begin;

drop view natsweep.word;

commit;
