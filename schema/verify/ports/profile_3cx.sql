begin;

select 1 / (count(*) = 8)::integer from natsweep.profile_port where profile = '3cx';

rollback;
