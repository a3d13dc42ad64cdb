-- Keeps the changes true.
begin;
set local role natsweep_owner;

create function natsweep.renew_changes(site_ids bigint[], since timestamptz[]) returns integer
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  found constant natsweep.change[] := array(select c from natsweep.find_changes(site_ids, since) as c);
  changed integer;
begin
  delete from natsweep.change c
  using unnest(site_ids, since) as d (site_id, since)
  where c.site_id = d.site_id and c.at >= d.since
    and not exists (
      select from unnest(found) as f
      where f.site_id = c.site_id and f.at = c.at and f.sweep_id = c.sweep_id and f.what = c.what);
  with renewed as (
    insert into natsweep.change as c
    select f.* from unnest(found) as f
    on conflict (site_id, at, sweep_id, what) do update
      set before = excluded.before, after = excluded.after
      where (c.before, c.after) is distinct from (excluded.before, excluded.after)
    returning c.site_id
  ), hinted as (
    -- Anybody may listen, so the hint tells no more than a number.
    select pg_notify('natsweep_change', s.site_id::text) from (select distinct r.site_id from renewed r) as s
  )
  select count(*) into changed from renewed, (select count(*) from hinted) as sent;
  return changed;
end
$$;

comment on function natsweep.renew_changes(bigint[], timestamptz[]) is
  'Makes the changes of some sites from a time on what the facts say, and notifies natsweep_change with the number of each site '
  'that has a new one. Returns how many are new.';

commit;
