-- The verdicts that a page shows.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_verdicts(site bigint, swept_at timestamptz, sweep bigint) returns setof natsweep.port_verdict
  language plpgsql stable rows 20 set search_path = pg_catalog, pg_temp
as $$
begin
  if sweep is not null then
    return query select v.* from natsweep.port_verdict v where v.site_id = site and v.at = swept_at and v.sweep_id = sweep;
    return;
  end if;
  return query
    select v.site_id, v.at, v.sweep_id, v.plan_id, v.batch, v.part, v.transport, v.verdict, v.reason, v.reached,
      v.preserved, v.inbound, v.unsolicited, v.live, v.ports * l.ports
    from natsweep.port_last l
    join natsweep.port_verdict v
      on v.site_id = l.site_id and v.at = l.at and v.sweep_id = l.sweep_id and v.batch = l.batch and v.part = l.part
    where l.site_id = site and v.ports && l.ports;
end
$$;

comment on function natsweep.dashboard_verdicts(bigint, timestamptz, bigint) is
  'The verdicts of one sweep of a site, or with no sweep the newest judgement of each of its ports.';
grant execute on function natsweep.dashboard_verdicts(bigint, timestamptz, bigint) to natsweep_viewer;

commit;
