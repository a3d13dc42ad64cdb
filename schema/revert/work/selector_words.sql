begin;

drop function natsweep.selector_words;

commit;
