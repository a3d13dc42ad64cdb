-- Keeps port_last true when verdicts are stored.
begin;
set local role natsweep_owner;

create function natsweep.renew_port_last(added natsweep.port_last[]) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  sites bigint[];
begin
  select array_agg(distinct a.site_id order by a.site_id) into sites from unnest(added) as a;
  -- Two collectors may store reports of one site at a time, and each would miss the other's rows.
  perform from natsweep.site s where s.site_id = any (sites) order by s.site_id for no key update;
  with gone as (
    delete from natsweep.port_last l where l.site_id = any (sites) returning l.*
  ),
  candidate as (
    select * from gone union all select * from unnest(added)
  ),
  left_over as (
    -- Judged rows first, then newest first: what comes earlier covers what comes later.
    select c.site_id, c.at, c.sweep_id, c.batch, c.part, c.transport, c.judged,
      c.ports - coalesce(range_agg(c.ports) over (
        partition by c.site_id, c.transport
        order by c.judged desc, c.at desc, c.sweep_id desc, c.batch, c.part
        rows between unbounded preceding and 1 preceding), '{}') as ports
    from candidate c
  )
  insert into natsweep.port_last (site_id, at, sweep_id, batch, part, transport, judged, ports)
  select o.site_id, o.at, o.sweep_id, o.batch, o.part, o.transport, o.judged, o.ports
  from left_over o
  where not isempty(o.ports);
end
$$;

comment on function natsweep.renew_port_last(natsweep.port_last[]) is
  'Takes in new rows of port_verdict, in whatever order sweeps are stored.';

commit;
