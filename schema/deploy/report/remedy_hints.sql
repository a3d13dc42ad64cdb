-- Where routers have what is to be changed.
begin;
set local role natsweep_owner;

create function natsweep.remedy_hints() returns table (remedy text, family text, hint text)
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
begin atomic
  values
    ('forward', 'FRITZ!Box', 'Internet > Permit Access > Port Sharing: the same port outside and inside'),
    ('forward', 'pfSense', 'Firewall > NAT > Port Forward, with its filter rule'),
    ('forward', 'OPNsense', 'Firewall > NAT > Port Forward (newer: Destination NAT), with its filter rule'),
    ('forward', 'MikroTik', '/ip firewall nat, chain=dstnat action=dst-nat to-addresses=HOST, without to-ports'),
    ('forward', 'Cisco IOS', 'ip nat inside source static udp HOST PORT interface WAN PORT'),
    ('forward', 'Ubiquiti UniFi', 'Port Forwarding in the gateway''s settings: forward port as port'),
    ('forward', 'EdgeRouter', 'Firewall/NAT > Port Forwarding'),
    ('forward', 'Sophos Firewall', 'Rules and policies > NAT rules > DNAT (server access assistant), and a firewall rule from WAN'),
    ('forward', 'DrayTek', 'NAT > Open Ports, which takes ranges, rather than Port Redirection'),
    ('forward', 'FortiGate', 'Policy & Objects > Virtual IPs with port forwarding, and a policy from WAN that uses it'),
    ('forward', 'SonicWall', 'NAT policies with Translated Service: Original, and access rules from WAN'),
    ('static_port', 'FRITZ!Box', 'share the port with the same number outside and inside'),
    ('static_port', 'pfSense', 'Firewall > NAT > Outbound: Hybrid mode, a rule for HOST with Static Port ticked'),
    ('static_port', 'OPNsense', 'Firewall > NAT > Outbound: Hybrid mode, a rule for HOST with Static-port ticked'),
    ('static_port', 'MikroTik',
      '/ip firewall nat, chain=srcnat src-address=HOST action=src-nat to-addresses=WAN, above masquerade'),
    ('static_port', 'Cisco IOS', 'a static translation of HOST''s ports instead of the overload of the interface'),
    ('static_port', 'Sophos Firewall', 'a NAT rule of its own for HOST, above the default one that masquerades the LAN'),
    ('static_port', 'FortiGate', 'an IP pool of type one-to-one or fixed port range, or fixedport enabled in HOST''s policy'),
    ('static_port', 'SonicWall', 'VoIP > Settings: Consistent NAT on'),
    ('egress', 'FRITZ!Box', 'Internet > Filters: the access profile of HOST, and the list of blocked applications'),
    ('egress', 'pfSense', 'Firewall > Rules > LAN; the log tells which rule blocks'),
    ('egress', 'OPNsense', 'Firewall > Rules > LAN; the live log tells which rule blocks'),
    ('egress', 'MikroTik', '/ip firewall filter, chain=forward: a drop or reject before the accept'),
    ('egress', 'Cisco IOS', 'the access list that is applied to the LAN or WAN interface'),
    ('egress', 'Ubiquiti UniFi', 'the firewall or traffic rules from LAN to Internet'),
    ('egress', 'Sophos Firewall', 'Rules and policies > Firewall rules, LAN to WAN: services, web filter, application control'),
    ('egress', 'DrayTek', 'Firewall > Filter Setup, and the data filter''s default rule'),
    ('egress', 'FortiGate', 'Policy & Objects > Firewall Policy, LAN to WAN: service and application control'),
    ('egress', 'none of these', 'ask the provider whether it blocks these ports'),
    ('scan', 'pfSense', 'Snort or Suricata: the pass list; blocked hosts are listed there'),
    ('scan', 'OPNsense', 'Services > Intrusion Detection, and rules with a limit of new connections'),
    ('scan', 'MikroTik', '/ip firewall filter: rules with psd= or an address list of port scanners; accept the server above'),
    ('scan', 'Cisco IOS', 'ASA: threat-detection scanning-threat shun except; IOS: ip inspect or zone limits'),
    ('scan', 'Ubiquiti UniFi', 'intrusion prevention in the gateway''s settings: allow the server''s addresses'),
    ('scan', 'Sophos Firewall', 'Intrusion prevention > DoS & spoof protection: a bypass rule'),
    ('scan', 'DrayTek', 'Firewall > DoS Defense: port scan detection, white list'),
    ('scan', 'FortiGate', 'Policy & Objects > IPv4 DoS Policy: udp_scan and tcp_port_scan'),
    ('table', 'pfSense', 'System > Advanced > Firewall & NAT: Firewall Maximum States'),
    ('table', 'OPNsense', 'Firewall > Settings > Advanced: Firewall Maximum States'),
    ('table', 'MikroTik', '/ip firewall connection tracking: shorter udp-timeout and udp-stream-timeout'),
    ('table', 'Cisco IOS', 'ip nat translation max-entries, ip nat translation udp-timeout'),
    ('table', 'EdgeRouter', 'set system conntrack table-size'),
    ('table', 'DrayTek', 'Bandwidth Management > Sessions Limit'),
    ('table', 'Linux', 'net.netfilter.nf_conntrack_max'),
    ('alg', 'FRITZ!Box', 'has none to turn off'),
    ('alg', 'pfSense', 'has none; the siproxd package, if installed, is one'),
    ('alg', 'OPNsense', 'has none; the siproxd plugin, if installed, is one'),
    ('alg', 'MikroTik', '/ip firewall service-port disable sip'),
    ('alg', 'Cisco IOS', 'no ip nat service sip udp port 5060; ASA: no inspect sip'),
    ('alg', 'Ubiquiti UniFi', 'conntrack modules in the gateway''s settings: SIP off'),
    ('alg', 'EdgeRouter', 'set system conntrack modules sip disable'),
    ('alg', 'Sophos Firewall', 'console: system system_modules sip unload'),
    ('alg', 'DrayTek', 'NAT > ALG: SIP off'),
    ('alg', 'FortiGate', 'config system session-helper: delete sip; default-voip-alg-mode kernel-helper-based'),
    ('alg', 'Juniper SRX', 'set security alg sip disable'),
    ('alg', 'SonicWall', 'VoIP > Settings: SIP Transformations off'),
    ('alg', 'Linux, OpenWrt', 'unload nf_nat_sip and nf_conntrack_sip');
end;

comment on function natsweep.remedy_hints() is
  'What is to be changed (forward, static_port, egress, scan, table, alg) and where the common families of routers have it, in '
  'the words of the agent''s own report (agent/report/remedy.c); HOST is the phone system.';
grant execute on function natsweep.remedy_hints() to natsweep_viewer;

commit;
