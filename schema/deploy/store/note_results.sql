-- Results become the status of their sites.
begin;
set local role natsweep_owner;

create function natsweep.note_results(results natsweep.sweep_result[]) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  -- Those that certainly are no recheck, all at once; the others one by one, the oldest first.
  plain constant natsweep.sweep_result[] := array(
    select n
    from (select r as n, count(*) over (partition by r.site_id) as of_site from unnest(results) as r) as t
    left join natsweep.site_last l on l.site_id = (t.n).site_id
    where t.of_site = 1 and (l.site_id is null or (t.n).port_count >= l.base_port_count));
  result natsweep.sweep_result;
  last natsweep.site_last;
begin
  perform natsweep.stand_alone(plain);
  if cardinality(plain) = cardinality(results) then
    return;
  end if;
  for result in
    select r.* from unnest(results) as r
    where (r.site_id, r.at, r.sweep_id) not in (select p.site_id, p.at, p.sweep_id from unnest(plain) as p)
    order by r.site_id, r.at, r.sweep_id
  loop
    select l.* into last from natsweep.site_last l where l.site_id = result.site_id for update;
    if last.site_id is null or not natsweep.is_recheck(result, last) then
      perform natsweep.stand_alone(array[result]);
      continue;
    end if;
    update natsweep.site_last l
    set at = greatest(l.at, result.at), sweep_id = case when result.at >= l.at then result.sweep_id else l.sweep_id end,
      nat_class = coalesce(result.nat_class, l.nat_class), public_address = coalesce(result.public_address, l.public_address),
      outcome = n.outcome, forwarding = n.forwarding, pass_count = n.pass_count, fail_count = n.fail_count,
      unjudged_count = n.unjudged_count,
      message = format('%s of %s judged ports are as expected; %s of them %s checked again last.',
        n.pass_count, n.pass_count + n.fail_count, result.port_count, case when result.port_count = 1 then 'was' else 'were' end)
    from natsweep.rechecked(last) as n
    where l.site_id = result.site_id;
  end loop;
end
$$;

comment on function natsweep.note_results(natsweep.sweep_result[]) is
  'Keeps site_last: a whole sweep takes the place of the one before; a recheck of some ports changes what is known of these alone.';

commit;
