begin;

drop function natsweep.selector_texts;

commit;
