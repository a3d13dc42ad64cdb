begin;

drop table natsweep.judge_due;

commit;
