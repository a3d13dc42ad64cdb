begin;

drop function natsweep.role_words;

commit;
