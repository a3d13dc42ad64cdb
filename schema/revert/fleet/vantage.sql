begin;

drop table natsweep.vantage;

commit;
