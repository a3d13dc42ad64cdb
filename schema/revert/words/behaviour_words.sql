begin;

drop function natsweep.behaviour_words;

commit;
