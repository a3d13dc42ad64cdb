-- Takes back what a faulty server said about a site.
begin;
set local role natsweep_owner;

create function natsweep.renew_site_last(site_ids bigint[]) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  memory constant interval := '7 days'; -- as is_recheck() has it
  good natsweep.sweep_result[];
begin
  -- The newest good sweep and, in case that is a recheck, the largest one that it may be a recheck of.
  good := array(
    select u
    from unnest(site_ids) as d (site_id)
    left join natsweep.site_last l on l.site_id = d.site_id
    cross join lateral (
      select r.*
      from natsweep.sweep_result r
      where r.site_id = d.site_id and (natsweep.outcome_words())[r.outcome] not in ('cancelled', 'interrupted')
        and not exists (
          select from natsweep.vantage_fault f where f.site_id = r.site_id and f.at = r.at and f.sweep_id = r.sweep_id)
      order by r.at desc, r.sweep_id desc
      limit 1
    ) as n
    cross join lateral (
      (
        select r.*
        from natsweep.sweep_result r
        where r.site_id = d.site_id and r.at > n.at - memory and r.at < n.at and r.port_count > n.port_count
          and (natsweep.outcome_words())[r.outcome] not in ('cancelled', 'interrupted')
          and not exists (
            select from natsweep.vantage_fault f where f.site_id = r.site_id and f.at = r.at and f.sweep_id = r.sweep_id)
        order by r.port_count desc, r.at desc, r.sweep_id desc
        limit 1
      )
      union all
      select n.*
    ) as u
    where l.site_id is null or (l.at, l.sweep_id) <> (n.at, n.sweep_id));
  delete from natsweep.site_last l where l.site_id in (select g.site_id from unnest(good) as g);
  perform natsweep.note_results(good);
end
$$;

comment on function natsweep.renew_site_last(bigint[]) is
  'Makes site_last of some sites what the sweeps say that no server''s fault spoiled.';

commit;
