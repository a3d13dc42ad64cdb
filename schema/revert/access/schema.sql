begin;

alter default privileges for role natsweep_owner grant execute on functions to public;
drop schema natsweep;

commit;
