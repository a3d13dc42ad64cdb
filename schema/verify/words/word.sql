begin;

select * from natsweep.word where false;

rollback;
