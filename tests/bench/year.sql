-- A year of a fleet's daily sweeps, as collectors would have left it. Variables: sites, days. The same facts each time.
\set QUIET on
set client_min_messages = warning;
set synchronous_commit = off;
set max_parallel_workers_per_gather = 0;
select setseed(0.5) \g /dev/null

select natsweep.create_customer('customer ' || n) from generate_series(1, greatest(:sites / 50, 2)) n \g /dev/null
insert into natsweep.site (customer_id, name, tags)
select 1 + (n * 7919) % greatest(:sites / 50, 2), 'site ' || n, array['isp ' || n % 20, 'router ' || n % 30] from generate_series(1, :sites) n;
select natsweep.set_vantage('one', 'stun.example.net') \g /dev/null
select natsweep.collector_start('one', 1, '1.0') as collector \gset
select natsweep.create_token('customer 1', null, sha256('token'), 1) \g /dev/null
insert into natsweep.agent (site_id, public_key, state, token_id, hostname) select site_id, sha256(name::text::bytea), 'active', 1, name from natsweep.site;
insert into natsweep.agent_seen (site_id, agent_id, collector_id, connected, instance, agent_version, hostname, clock_offset_ms, live)
select site_id, agent_id, :collector, true, 1, '1.0', hostname, 0, true from natsweep.agent;
-- What a nightly request leaves, for as long as a fleet keeps it in the work table.
insert into natsweep.request (selector, ports, options, expires_at, customers, no_agent, port_count, family, mode, pace_pps, patience_s, deadline_s,
  transports, firsts, lasts, roles, expects, alternatives)
select '{"all": true}', '@3cx', '{}', now(), '{}', 0, 2008, 4, 1, 400, 60, 600, '{}', '{}', '{}', '{}', '{}', '{}' from generate_series(1, :days);
insert into natsweep.port_plan (digest, ranges)
select 'year', array_agg(p order by p.transport, p.first) from natsweep.parse_ports('@3cx') p;

-- Every site has its ways: what fails there as a rule, and now and then something else.
create unlogged table natsweep.year_site as
select s.site_id,
  case when n < 0.70 then '{}'::int4multirange when n < 0.85 then '{[10000,11000)}' when n < 0.92 then '{[5060,5061),[5090,5091),[9000,11000)}'
    else (select range_agg(int4range(p, p + 1)) from (select 9000 + (random() * 1999 + s.site_id * 0)::integer as p from generate_series(1, 12)) as x) end as failing,
  (array[4, 4, 4, 2, 5, 1])[1 + floor(random() * 6)::integer] as nat_class
from (select site_id, random() as n from natsweep.site) as s;
create unlogged table natsweep.year_sweep as
select row_number() over (order by d.day, y.site_id) as sweep_id, y.site_id, d.day,
  (d.day + (y.site_id % 3600) * interval '1 s') at time zone 'utc' as at, y.nat_class,
  case when random() < 0.02 then '{[9100,9200)}'::int4multirange + y.failing else y.failing end as failing
from generate_series((now() at time zone 'utc')::date - (:days - 1), (now() at time zone 'utc')::date, interval '1 day') d (day)
cross join natsweep.year_site y
order by d.day, y.site_id;
do $$
declare
  month timestamp;
  fact name;
begin
  for month in select distinct date_trunc('month', day) from natsweep.year_sweep loop
    for fact in select name from natsweep.fact_table loop
      execute format('create table if not exists natsweep.%I partition of natsweep.%I for values from (%L) to (%L)',
        fact || to_char(month, '_YYYY_MM'), fact, month::text || '+00', (month + interval '1 month')::text || '+00');
    end loop;
  end loop;
end
$$;
alter table natsweep.year_sweep add failed integer;
update natsweep.year_sweep set failed = (select coalesce(sum(upper(r) - lower(r)), 0) from unnest(failing) as r);
insert into natsweep.sweep_result (site_id, at, sweep_id, outcome, family, message, server_name, public_address, started_at, duration_us,
  nat_class, mapping, filtering, port_preservation, hairpin, generic_alg, sip_alg, forwarding, port_count, pass_count, fail_count, unjudged_count)
select site_id, at, sweep_id, case when failed = 0 then 1 when failed < 2000 then 2 else 3 end, 4, 'Some ports are closed.', 'stun.example.net',
  inet '100.70.0.0' + site_id, at, 12000000, nat_class, 2, 4, true, false, false, site_id % 40 = 0, case when failed = 0 then 1 when failed < 2000 then 2 else 3 end,
  2008, 2008 - failed, failed, 0
from natsweep.year_sweep;
insert into natsweep.port_verdict (site_id, at, sweep_id, plan_id, batch, part, transport, verdict, reached, preserved, inbound, unsolicited, live, ports)
select s.site_id, s.at, s.sweep_id, p.plan_id, 0, v.part, v.transport, v.verdict, true, true, v.part <> 1, v.part <> 1, true, v.ports
from natsweep.year_sweep s
cross join natsweep.port_plan p
cross join lateral (values
  (0, 1, 10, '{[5060,5061),[5090,5091),[9000,11000)}'::int4multirange - s.failing), (1, 1, 6, s.failing),
  (2, 2, 10, '{[5001,5002),[5060,5062),[5090,5091)}')) as v (part, transport, verdict, ports)
where not isempty(v.ports);
insert into natsweep.site_last
select distinct on (site_id) site_id, at, sweep_id, outcome, message, nat_class, forwarding, public_address, pass_count, fail_count, unjudged_count
from natsweep.sweep_result where at > now() - interval '3 days' order by site_id, at desc;
insert into natsweep.port_last
select v.site_id, v.at, v.sweep_id, v.batch, v.part, v.transport, true, v.ports
from natsweep.site_last l join natsweep.port_verdict v on v.site_id = l.site_id and v.at = l.at and v.sweep_id = l.sweep_id;

-- What judge() and roll_up() would have made of it, at once. The sums of ports repeat after a month.
insert into natsweep.site_day
select site_id, (at at time zone 'utc')::date, at, sweep_id, 1, outcome, nat_class, forwarding, pass_count, fail_count, unjudged_count from natsweep.sweep_result;
insert into natsweep.change
select site_id, at, sweep_id, 'outcome', (natsweep.outcome_words())[before], (natsweep.outcome_words())[outcome]
from (select *, lag(outcome) over (partition by site_id order by at) as before from natsweep.sweep_result) as r
where before <> outcome;
insert into natsweep.change
select site_id, at, sweep_id, 'ports', coalesce(natsweep.port_list('udp', before), 'none'), coalesce(natsweep.port_list('udp', failing), 'none')
from (select *, lag(failing) over (partition by site_id order by at) as before from natsweep.year_sweep) as r
where before <> failing;
analyze;
do $$
declare
  today constant date := (now() at time zone 'utc')::date;
begin
  perform natsweep.roll_up_day(c.customer_id, today - n) from natsweep.customer c, generate_series(0, 29) n;
end
$$;
insert into natsweep.customer_day
select c.customer_id, c.day - 30 * n, c.sites, c.supported, c.partial, c.unsupported, c.inconclusive, c.not_run, c.open_internet, c.full_cone, c.restricted_cone,
  c.port_restricted_cone, c."symmetric", c.symmetric_firewall, c.udp_blocked, c.unknown, c.pass_count, c.fail_count, c.unjudged_count
from natsweep.customer_day c, generate_series(1, :days / 30 - 1) n;
insert into natsweep.port_day
select p.customer_id, p.day - 30 * n, p.transport, p.failing, p.judged, p.ports from natsweep.port_day p, generate_series(1, :days / 30 - 1) n;
drop table natsweep.year_site, natsweep.year_sweep;
