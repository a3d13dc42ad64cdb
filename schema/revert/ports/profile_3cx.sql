begin;

delete from natsweep.profile where name = '3cx';

commit;
