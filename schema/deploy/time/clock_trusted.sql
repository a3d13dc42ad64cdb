-- Whether things may be deleted for their age.
begin;
set local role natsweep_owner;

create function natsweep.clock_trusted() returns boolean
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
  return (select now() >= c.trusted_from from natsweep.clock c);
end
$$;

comment on function natsweep.clock_trusted() is 'Whether the clock has not jumped for a day.';

commit;
