-- Reports are complete.
begin;
set local role natsweep_owner;

create function natsweep.sweep_finished(site_ids bigint[], sweep_ids bigint[], outcomes smallint[]) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  claimed bigint[];
  found smallint[];
  events text[];
  -- The facts are read within these bounds only, or a plan may walk through years of them.
  earliest timestamptz;
  latest timestamptz;
begin
  select coalesce(array_agg(s.sweep_id), '{}'), array_agg(f.outcome), coalesce(array_agg(case (natsweep.outcome_words())[f.outcome]
      when 'cancelled' then 'report_cancelled' when 'interrupted' then 'report_interrupted' else 'reported' end), '{}'),
    min(s.at), max(s.at)
  into claimed, found, events, earliest, latest
  from (select distinct on (u.sweep_id) u.* from unnest(site_ids, sweep_ids, outcomes) as u (site_id, sweep_id, outcome)) as f
  join natsweep.sweep s on s.sweep_id = f.sweep_id and s.site_id = f.site_id and s.at is not null;

  perform natsweep.sweep_step(claimed, events, array_fill(null::text, array[cardinality(claimed)]), null, found);
  perform natsweep.note_results(array(
    select r
    from natsweep.sweep s
    join natsweep.sweep_result r on r.site_id = s.site_id and r.at = s.at and r.sweep_id = s.sweep_id
    where s.sweep_id = any (claimed) and r.at between earliest and latest
      and (natsweep.outcome_words())[r.outcome] not in ('cancelled', 'interrupted')));
  insert into natsweep.judge_due (site_id, at)
  select s.site_id, s.at from natsweep.sweep s where s.sweep_id = any (claimed);
end
$$;

comment on function natsweep.sweep_finished(bigint[], bigint[], smallint[]) is
  'Ends sweeps whose last batch is being stored, in the same transaction and after their sweep_result: done, or cancelled or '
  'failed when the agent was stopped or died. Renews site_last and has the site judged.';
grant execute on function natsweep.sweep_finished(bigint[], bigint[], smallint[]) to natsweep_collector;

commit;
