-- Whether reports belong to sweeps.
begin;
set local role natsweep_owner;

create function natsweep.sweep_known(site_ids bigint[], sweep_ids bigint[], at_us bigint[]) returns boolean[]
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return array(
    select s.sweep_id is not null
    from unnest(site_ids, sweep_ids, at_us) with ordinality as r (site_id, sweep_id, at_us, place)
    left join natsweep.sweep s on s.sweep_id = r.sweep_id and s.site_id = r.site_id and s.at = natsweep.from_us(r.at_us)
    order by r.place);
end
$$;

comment on function natsweep.sweep_known(bigint[], bigint[], bigint[]) is
  'For each (site, sweep, time) whether there is such a claimed sweep. A report for which there is none must not be stored.';
grant execute on function natsweep.sweep_known(bigint[], bigint[], bigint[]) to natsweep_collector;

commit;
