begin;

drop function natsweep.transport_words;

commit;
