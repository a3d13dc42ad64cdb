begin;

drop function natsweep.forwarding_words;

commit;
