begin;

drop function natsweep.schema_version;

commit;
