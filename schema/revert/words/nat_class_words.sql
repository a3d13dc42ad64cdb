begin;

drop function natsweep.nat_class_words;

commit;
