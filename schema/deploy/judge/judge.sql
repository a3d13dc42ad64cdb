-- Judges sites from the facts.
begin;
set local role natsweep_owner;

create function natsweep.judge(reports_max integer default 500) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp set jit = off -- compiling would take longer than the work
as $$
declare
  near constant interval := '15 min';
  site_ids bigint[];
  since timestamptz[];
  earliest timestamptz;
  latest timestamptz;
  nothing_passed boolean;
  neighbours bigint[];
begin
  perform from natsweep.mutex m where m.name = 'judge' for update skip locked;
  if not found then
    return 0;
  end if;
  with taken as (
    delete from natsweep.judge_due where ctid = any (array(select d.ctid from natsweep.judge_due d limit reports_max))
    returning site_id, at
  ), site as (
    select t.site_id, min(t.at) as at, max(t.at) as newest from taken t group by t.site_id
  )
  select array_agg(s.site_id), array_agg(s.at), min(s.at), max(s.newest), exists (
    select from taken t
    -- offset 0 keeps each of these a search by key.
    cross join lateral (select r.pass_count from natsweep.sweep_result r where r.site_id = t.site_id and r.at = t.at offset 0) as r
    where r.pass_count = 0)
  into site_ids, since, earliest, latest, nothing_passed
  from site s;
  if site_ids is null then
    return 0;
  end if;

  -- The facts have no index by time alone, so they are asked about servers only when there is reason to.
  if nothing_passed or exists (select from natsweep.vantage_fault f where f.at between earliest - near and latest + near)
  then
    select array_agg(d.site_id), array_agg(d.at)
    into site_ids, since
    from (
      select u.site_id, min(u.at) as at
      from (
        select * from unnest(site_ids, since) as t (site_id, at)
        union all
        select * from natsweep.find_vantage_faults(earliest, latest)
      ) as u
      group by u.site_id
    ) as d;
  end if;

  perform natsweep.renew_site_last(site_ids);
  perform natsweep.renew_changes(site_ids, since);
  perform natsweep.roll_up_sites(site_ids, since);
  neighbours := array(
    select o.site_id
    from natsweep.site_judgement o
    where o.public_address in (
      select j.public_address from natsweep.site_judgement j where j.site_id = any (site_ids)
      union
      select l.public_address from natsweep.site_last l where l.site_id = any (site_ids)));
  perform natsweep.renew_judgement(site_ids || neighbours);
  perform natsweep.queue_changes(site_ids, since);
  return cardinality(site_ids);
end
$$;

comment on function natsweep.judge(integer) is
  'Judges the sites of at most so many new reports: servers'' faults, changes, causes, days. Works off judge_due under a lock, so '
  'that of several collectors one does it; returns for how many sites.';
grant execute on function natsweep.judge(integer) to natsweep_collector;

commit;
