begin;

drop function natsweep.dashboard_csv_field;

commit;
