-- How a port was over time.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_port_history(site bigint, number integer, through smallint) returns jsonb
  language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select coalesce(jsonb_agg(jsonb_build_object('from', e.since, 'to', e.until, 'verdict', e.verdict, 'sweeps', e.sweeps)
    order by e.until desc), '[]')
  from (
    select min(s.at) as since, max(s.at) as until, s.verdict, count(*) as sweeps
    from (
      -- Neighbours in time with the same verdict have the same difference of the two counts.
      select v.at, (natsweep.verdict_words())[v.verdict] as verdict,
        row_number() over (order by v.at, v.sweep_id)
          - row_number() over (partition by v.verdict order by v.at, v.sweep_id) as stretch
      from natsweep.port_verdict v
      where v.site_id = site and v.at > now() - interval '1 year' and v.transport = through and v.ports @> number
    ) as s
    group by s.verdict, s.stretch
    order by max(s.at) desc
    limit 100
  ) as e;
end;

comment on function natsweep.dashboard_port_history(bigint, integer, smallint) is
  'The verdicts of one port within a year, one stretch of sweeps that agree after the other, newest first.';
grant execute on function natsweep.dashboard_port_history(bigint, integer, smallint) to natsweep_viewer;

commit;
