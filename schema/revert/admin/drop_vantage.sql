begin;

drop function natsweep.drop_vantage;

commit;
