-- Ends what is under way at a site.
begin;
set local role natsweep_owner;

create function natsweep.cancel_site(site_id bigint, why text) returns integer
  language sql set search_path = pg_catalog, pg_temp
begin atomic
  select natsweep.sweep_step_all(
    array(
      select w.sweep_id
      from natsweep.sweep w
      join natsweep.sweep_state t on t.state = w.state
      where w.site_id = cancel_site.site_id and not t.final),
    'cancelled', why);
end;

comment on function natsweep.cancel_site(bigint, text) is
  'Cancels the sweeps of a site that have not ended; returns how many. Its agent is told.';

commit;
