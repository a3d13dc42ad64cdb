-- Sweeps that failed because the server did.
begin;
set local role natsweep_owner;

create function natsweep.find_vantage_faults(earliest timestamptz, latest timestamptz)
  returns table (site_id bigint, at timestamptz)
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  sites_min constant integer := 3; -- two sites may fail together by chance
  quiet constant interval := '15 min'; -- failures further apart are not one outage
  margin constant interval := '3 hours'; -- of an outage that reaches out of the time in question enough is seen
  memory constant interval := '8 days'; -- a site that has failed for longer is no witness
  all_customers constant bigint := (select count(*) from natsweep.customer);
begin
  return query
    with seen as (
      select r.site_id, r.at, r.sweep_id, s.customer_id, coalesce(r.server_name, '') as server_name, r.pass_count > 0 as passed
      from natsweep.sweep_result r
      join natsweep.site s on s.site_id = r.site_id
      where r.at between earliest - margin and latest + margin
        and (natsweep.outcome_words())[r.outcome] not in ('cancelled', 'interrupted')
    ), marked as (
      select *, passed or at - lag(at) over in_time > quiet as parts, bool_or(passed) over (partition by server_name, at) as alive
      from seen
      window in_time as (partition by server_name order by at, passed desc, sweep_id)
    ), stretched as (
      select *, count(*) filter (where parts) over (partition by server_name order by at, passed desc, sweep_id) as stretch
      from marked
    ), witness as (
      select f.*
      from stretched f
      where not f.alive and exists (
        select from natsweep.sweep_result p
        where p.site_id = f.site_id and p.at < f.at and p.at > f.at - memory and p.pass_count > 0)
    ), outage as (
      select w.server_name, w.stretch
      from witness w
      group by w.server_name, w.stretch
      having count(distinct w.site_id) >= sites_min and count(distinct w.customer_id) >= least(2, all_customers)
    ), fault as (
      -- Within an outage no failure counts, a witness or not.
      select f.site_id, f.at, f.sweep_id, f.server_name
      from stretched f
      join outage o on o.server_name = f.server_name and o.stretch = f.stretch
      where not f.alive
    ), added as (
      insert into natsweep.vantage_fault as v (site_id, at, sweep_id, server_name)
      select f.site_id, f.at, f.sweep_id, f.server_name from fault f
      on conflict (site_id, at, sweep_id) do nothing
      returning v.site_id, v.at
    ), removed as (
      delete from natsweep.vantage_fault v
      where v.at between earliest - quiet and latest + quiet
        and (v.site_id, v.at, v.sweep_id) not in (select f.site_id, f.at, f.sweep_id from fault f)
      returning v.site_id, v.at
    )
    select * from added union all select * from removed;
end
$$;

comment on function natsweep.find_vantage_faults(timestamptz, timestamptz) is
  'Renews vantage_fault around a time and returns the sweeps that became or ceased to be a server''s fault. An outage is a '
  'stretch of sweeps against one server in which nothing passes anywhere, although at three sites, of two customers where there '
  'are two, something had passed within the last days.';

commit;
