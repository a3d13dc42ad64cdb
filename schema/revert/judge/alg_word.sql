begin;

drop function natsweep.alg_word;

commit;
