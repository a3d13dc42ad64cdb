begin;

drop function natsweep.mode_words;

commit;
