begin;

drop function natsweep.renew_judgement;

commit;
