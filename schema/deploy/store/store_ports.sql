-- The ports of new batches.
begin;
set local role natsweep_owner;

create function natsweep.store_ports(reports natsweep.report_in[], parts natsweep.part_in[], evidence natsweep.evidence_in[])
  returns void
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  -- Where make_partitions() draws the line: older months have no partition any more.
  oldest_evidence constant timestamptz := (
    select date_trunc('month', (now() - f.keep) at time zone 'utc') at time zone 'utc'
    from natsweep.fact_table f
    where f.name = 'port_evidence');
begin
  insert into natsweep.port_verdict (site_id, at, sweep_id, plan_id, batch, part, transport, verdict, reason, reached, preserved,
    inbound, unsolicited, live, ports)
  select r.site_id, natsweep.from_us(r.at_us), r.sweep_id, k.plan_id, r.batch, p.part, p.transport, p.verdict, p.reason,
    p.reached, p.preserved, p.inbound, p.unsolicited, p.live, p.ports
  from unnest(reports) as r
  join natsweep.plan_ids(reports) as k on k.item = r.item
  join unnest(parts) as p on p.item = r.item;

  insert into natsweep.port_evidence (site_id, at, sweep_id, batch, part, attempts, rtt_unit_us, ports, rtt, retry_ports,
    retry_attempts, mapped_address, mapped_addresses, mapped_ports, owners)
  select r.site_id, natsweep.from_us(r.at_us), r.sweep_id, r.batch, e.part, e.attempts, e.rtt_unit_us, e.ports, e.rtt,
    e.retry_ports, e.retry_attempts, e.mapped_address, e.mapped_addresses, e.mapped_ports, e.owners
  from unnest(reports) as r
  join unnest(evidence) as e on e.item = r.item
  where natsweep.from_us(r.at_us) >= oldest_evidence;

  perform natsweep.renew_port_last(array(
    select row (r.site_id, natsweep.from_us(r.at_us), r.sweep_id, r.batch, p.part, p.transport, p.judged,
      p.ports)::natsweep.port_last
    from unnest(reports) as r
    join unnest(parts) as p on p.item = r.item));
end
$$;

comment on function natsweep.store_ports(natsweep.report_in[], natsweep.part_in[], natsweep.evidence_in[]) is
  'Stores the verdicts and the evidence of batches that are new. Evidence older than its retention is left out.';

commit;
