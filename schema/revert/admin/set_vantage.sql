begin;

drop function natsweep.set_vantage;

commit;
