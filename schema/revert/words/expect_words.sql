begin;

drop function natsweep.expect_words;

commit;
