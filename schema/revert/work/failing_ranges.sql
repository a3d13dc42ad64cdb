begin;

drop function natsweep.failing_ranges;

commit;
