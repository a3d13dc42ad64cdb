begin;

drop function natsweep.judge_again;

commit;
