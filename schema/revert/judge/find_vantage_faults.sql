begin;

drop function natsweep.find_vantage_faults;

commit;
