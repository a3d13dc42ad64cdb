-- A fleet to look at: ninety days of sites of three customers, some of them with names that would like to be markup.
\set sites 150
\set days 90
\ir ../bench/year.sql
set client_min_messages = warning;

update natsweep.customer set name = (array['Alpine Dental', 'Harbour Freight', 'Pine Hotels'])[customer_id];
update natsweep.site s
set name = n.city || case when n.turn > 1 then ' ' || n.turn else '' end,
  tags = array['isp-' || (array['fjordnet', 'alpcom', 'metrofiber', 'cablelink'])[1 + s.site_id % 4], 'router-' || (array['edge 40', 'home box', 'pf', 'office one', 'lte cube'])[1 + s.site_id % 5]]
from (
  select site_id, (array['Zurich', 'Bern', 'Geneva', 'Basel', 'Hamburg', 'Rotterdam', 'Antwerp', 'Bremen', 'Oslo', 'Bergen', 'Malmö', 'Turku'])[1 + site_id % 12] as city,
    row_number() over (partition by customer_id, site_id % 12 order by site_id) as turn
  from natsweep.site
) as n
where n.site_id = s.site_id;

delete from natsweep.request; -- those of the year belong to no customer

-- What hosts may be called.
update natsweep.site set name = '<img src=x onerror="document.title=''owned''">', tags = '{<b>bold</b>,"\"><script>document.title=''owned''</script>"}' where site_id = 7;
update natsweep.site set name = '=cmd|''/c calc''!A1' where site_id = 8;
update natsweep.site set name = 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch-head-office-second-floor' where site_id = 9;

-- One site with everything that can be wrong: its last sweep has all kinds of verdicts.
create temporary table broken as
  select l.site_id, l.at, l.sweep_id from natsweep.site_last l where l.site_id = (select min(site_id) from natsweep.site_last where outcome = 2 and site_id > 20);
delete from natsweep.port_verdict v using broken b where v.site_id = b.site_id and v.at = b.at;
insert into natsweep.port_verdict (site_id, at, sweep_id, plan_id, batch, part, transport, verdict, reason, reached, preserved, inbound, unsolicited, live, ports)
select b.site_id, b.at, b.sweep_id, p.plan_id, 0, v.part, v.transport, array_position(natsweep.verdict_words(), v.verdict), array_position(natsweep.reason_words(), v.reason),
  v.verdict <> 'unreachable', v.verdict <> 'translated', v.verdict = 'pass', v.verdict = 'pass', true, v.ports
from broken b
cross join (select plan_id from natsweep.port_plan where digest = 'year') p
cross join (values
  (0, 1, 'pass', null, '{[5090,5091),[9000,9460),[9500,9800),[10200,11000)}'::int4multirange),
  (1, 1, 'translated', null, '{[5060,5061),[9800,9900)}'), (2, 1, 'closed', null, '{[9900,10100)}'),
  (3, 1, 'unreachable', 'admin_prohibited', '{[10100,10200)}'), (4, 1, 'inconclusive', 'scan_protection', '{[9460,9500)}'),
  (5, 2, 'pass', null, '{[5001,5002),[5061,5062)}'), (6, 2, 'wrong_host', null, '{[5060,5061)}'), (7, 2, 'refused', null, '{[5090,5091)}')) as v (part, transport, verdict, reason, ports);
update natsweep.sweep_result r
set fail_count = 404, unjudged_count = 40, pass_count = 1564, outcome = 2, forwarding = 2, sip_alg = true, double_nat = false, hairpin = true, binding_lifetime_s = 65,
  local_address = '192.168.77.2', warnings = '[{"code": "scan_protection", "message": "The firewall''s port-scan protection set in after 460 ports; the sweep went on at a slower pace."}]',
  advice = '{"Exempt the server''s addresses from scan protection, or sweep at a slower pace."}',
  sip_alg_diff = E'-Via: SIP/2.0/UDP 192.168.77.2:5060;branch=z9hG4bKa1;rport\n+Via: SIP/2.0/UDP 203.0.113.2:5060;branch=z9hG4bKa1;rport\n-Contact: <sip:probe@192.168.77.2:5060>\n+Contact: <sip:probe@203.0.113.2:5060>\n-c=IN IP4 192.168.77.2\n+c=IN IP4 203.0.113.2\n-m=audio 9000 RTP/AVP 8\n+m=audio 62110 RTP/AVP 8'
from broken b where r.site_id = b.site_id and r.at = b.at and r.sweep_id = b.sweep_id;
update natsweep.site_last l set (outcome, pass_count, fail_count, unjudged_count, forwarding) = (2, 1564, 404, 40, 2) from broken b where l.site_id = b.site_id;
delete from natsweep.port_last l using broken b where l.site_id = b.site_id;
insert into natsweep.port_last select v.site_id, v.at, v.sweep_id, v.batch, v.part, v.transport, v.verdict <> 11, v.ports from natsweep.port_verdict v join broken b on b.site_id = v.site_id and b.at = v.at;
update natsweep.site s set name = 'Showcase' from broken b where b.site_id = s.site_id;

select natsweep.judge_again() \g /dev/null
do $$
begin
  while natsweep.judge() > 0 loop
  end loop;
end
$$;
-- A fleet that was mended over the months, so that the trend has something to say.
update natsweep.customer_day d set (supported, unsupported, partial) = (supported - n.bad, unsupported + n.bad / 2, partial + n.bad - n.bad / 2)
from (select customer_id, day, least(supported, ((now() at time zone 'utc')::date - day) / 6 + abs(hashint8(customer_id * 1000 + (day - '2000-01-01'::date))) % 2) as bad from natsweep.customer_day) as n
where n.customer_id = d.customer_id and n.day = d.day;
update natsweep.agent_seen set connected = site_id % 17 <> 0, last_seen = now() - case when site_id % 17 = 0 then site_id * interval '1 hour' else interval '0' end;
insert into natsweep.vantage_fault select site_id, now() - interval '2 days', 1, 'stun.example.net' from natsweep.site where site_id between 30 and 60;
analyze;
