begin;

drop function natsweep.outcome_words;

commit;
