begin;

drop function natsweep.verdict_words;

commit;
