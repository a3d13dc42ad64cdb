begin;

drop function natsweep.collector_publish;

commit;
