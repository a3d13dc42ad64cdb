begin;

drop function natsweep.reason_words;

commit;
