-- Where to look in a router.
begin;
set local role natsweep_owner;

create function natsweep.router_hint(tags text[]) returns text
  language sql immutable parallel safe
  return (
    select h.hint
    from unnest(tags) with ordinality as t (tag, place)
    join (values
      ('fritzbox', 'FRITZ!Box: Internet > Permit Access > Port Sharing, one sharing for each range to the PBX. It has no SIP ALG to turn off.'),
      ('mikrotik', 'MikroTik: IP > Firewall > NAT, dst-nat rules without a changed port. SIP ALG: IP > Firewall > Service Ports, disable sip.'),
      ('pfsense', 'pfSense: Firewall > NAT > Port Forward. Static source ports: Firewall > NAT > Outbound, hybrid rules, a rule for the PBX with Static Port.'),
      ('opnsense', 'OPNsense: Firewall > NAT > Port Forward. Static source ports: Firewall > NAT > Outbound, hybrid rules, a rule for the PBX with Static-port.'),
      ('unifi', 'UniFi: port forwarding in the settings of the gateway. SIP ALG: the switch SIP among the firewall''s connection tracking helpers.'),
      ('fortigate', 'FortiGate: Policy & Objects > Virtual IPs and a policy that allows them. Static source ports: Preserve Source Port in the outgoing policy. SIP ALG: remove the SIP session helper.'),
      ('sonicwall', 'SonicWall: NAT and access rules for the ranges. In VoIP > Settings turn Consistent NAT on and SIP Transformations off.'),
      ('draytek', 'DrayTek: NAT > Open Ports for the ranges. SIP ALG: NAT > ALG.'),
      ('cisco', 'Cisco IOS: ip nat inside source static for the ranges. SIP ALG: no ip nat service sip udp port 5060, and the same for tcp.')
    ) as h (router, hint) on lower(regexp_replace(t.tag, '^router[:=]', '')) ~ ('^' || h.router || '(\W|$)')
    order by t.place
    limit 1
  );

comment on function natsweep.router_hint(text[]) is
  'Where people find what they have to change, for a site with a tag such as router:fritzbox, mikrotik or pfsense; null: the router is not known.';
grant execute on function natsweep.router_hint(text[]) to natsweep_viewer;

commit;
