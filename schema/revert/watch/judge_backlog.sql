begin;

drop function natsweep.judge_backlog;

commit;
