begin;

drop domain natsweep.label;

commit;
