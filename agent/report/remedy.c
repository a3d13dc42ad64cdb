#include "report/remedy.h"

#include "base/attributes.h"

#define FRITZBOX "FRITZ!Box"
#define PFSENSE "pfSense"
#define OPNSENSE "OPNsense"
#define MIKROTIK "MikroTik"
#define CISCO "Cisco IOS"
#define UNIFI "Ubiquiti UniFi"
#define EDGEROUTER "EdgeRouter"
#define SOPHOS "Sophos Firewall"
#define DRAYTEK "DrayTek"
#define FORTIGATE "FortiGate"
#define SONICWALL "SonicWall"

static const struct remedy_hint forward[] = {
    {FRITZBOX, "Internet > Permit Access > Port Sharing: the same port outside and inside"},
    {PFSENSE, "Firewall > NAT > Port Forward, with its filter rule"},
    {OPNSENSE, "Firewall > NAT > Port Forward (newer: Destination NAT), with its filter rule"},
    {MIKROTIK, "/ip firewall nat, chain=dstnat action=dst-nat to-addresses=HOST, without to-ports"},
    {CISCO, "ip nat inside source static udp HOST PORT interface WAN PORT"},
    {UNIFI, "Port Forwarding in the gateway's settings: forward port as port"},
    {EDGEROUTER, "Firewall/NAT > Port Forwarding"},
    {SOPHOS, "Rules and policies > NAT rules > DNAT (server access assistant), and a firewall rule from WAN"},
    {DRAYTEK, "NAT > Open Ports, which takes ranges, rather than Port Redirection"},
    {FORTIGATE, "Policy & Objects > Virtual IPs with port forwarding, and a policy from WAN that uses it"},
    {SONICWALL, "NAT policies with Translated Service: Original, and access rules from WAN"},
};

static const struct remedy_hint static_port[] = {
    {FRITZBOX, "share the port with the same number outside and inside"},
    {PFSENSE, "Firewall > NAT > Outbound: Hybrid mode, a rule for HOST with Static Port ticked"},
    {OPNSENSE, "Firewall > NAT > Outbound: Hybrid mode, a rule for HOST with Static-port ticked"},
    {MIKROTIK, "/ip firewall nat, chain=srcnat src-address=HOST action=src-nat to-addresses=WAN, above masquerade"},
    {CISCO, "a static translation of HOST's ports instead of the overload of the interface"},
    {SOPHOS, "a NAT rule of its own for HOST, above the default one that masquerades the LAN"},
    {FORTIGATE, "an IP pool of type one-to-one or fixed port range, or fixedport enabled in HOST's policy"},
    {SONICWALL, "VoIP > Settings: Consistent NAT on"},
};

static const struct remedy_hint egress[] = {
    {FRITZBOX, "Internet > Filters: the access profile of HOST, and the list of blocked applications"},
    {PFSENSE, "Firewall > Rules > LAN; the log tells which rule blocks"},
    {OPNSENSE, "Firewall > Rules > LAN; the live log tells which rule blocks"},
    {MIKROTIK, "/ip firewall filter, chain=forward: a drop or reject before the accept"},
    {CISCO, "the access list that is applied to the LAN or WAN interface"},
    {UNIFI, "the firewall or traffic rules from LAN to Internet"},
    {SOPHOS, "Rules and policies > Firewall rules, LAN to WAN: services, web filter, application control"},
    {DRAYTEK, "Firewall > Filter Setup, and the data filter's default rule"},
    {FORTIGATE, "Policy & Objects > Firewall Policy, LAN to WAN: service and application control"},
    {"none of these", "ask the provider whether it blocks these ports"},
};

static const struct remedy_hint scan[] = {
    {PFSENSE, "Snort or Suricata: the pass list; blocked hosts are listed there"},
    {OPNSENSE, "Services > Intrusion Detection, and rules with a limit of new connections"},
    {MIKROTIK, "/ip firewall filter: rules with psd= or an address list of port scanners; accept the server above"},
    {CISCO, "ASA: threat-detection scanning-threat shun except; IOS: ip inspect or zone limits"},
    {UNIFI, "intrusion prevention in the gateway's settings: allow the server's addresses"},
    {SOPHOS, "Intrusion prevention > DoS & spoof protection: a bypass rule"},
    {DRAYTEK, "Firewall > DoS Defense: port scan detection, white list"},
    {FORTIGATE, "Policy & Objects > IPv4 DoS Policy: udp_scan and tcp_port_scan"},
};

static const struct remedy_hint table[] = {
    {PFSENSE, "System > Advanced > Firewall & NAT: Firewall Maximum States"},
    {OPNSENSE, "Firewall > Settings > Advanced: Firewall Maximum States"},
    {MIKROTIK, "/ip firewall connection tracking: shorter udp-timeout and udp-stream-timeout"},
    {CISCO, "ip nat translation max-entries, ip nat translation udp-timeout"},
    {EDGEROUTER, "set system conntrack table-size"},
    {DRAYTEK, "Bandwidth Management > Sessions Limit"},
    {"Linux", "net.netfilter.nf_conntrack_max"},
};

static const struct remedy_hint alg[] = {
    {FRITZBOX, "has none to turn off"},
    {PFSENSE, "has none; the siproxd package, if installed, is one"},
    {OPNSENSE, "has none; the siproxd plugin, if installed, is one"},
    {MIKROTIK, "/ip firewall service-port disable sip"},
    {CISCO, "no ip nat service sip udp port 5060; ASA: no inspect sip"},
    {UNIFI, "conntrack modules in the gateway's settings: SIP off"},
    {EDGEROUTER, "set system conntrack modules sip disable"},
    {SOPHOS, "console: system system_modules sip unload"},
    {DRAYTEK, "NAT > ALG: SIP off"},
    {FORTIGATE, "config system session-helper: delete sip; default-voip-alg-mode kernel-helper-based"},
    {"Juniper SRX", "set security alg sip disable"},
    {SONICWALL, "VoIP > Settings: SIP Transformations off"},
    {"Linux, OpenWrt", "unload nf_nat_sip and nf_conntrack_sip"},
};

static const struct {
    const char *title;
    const struct remedy_hint *hints;
    size_t count;
} remedies[REMEDY_COUNT] = {
    [REMEDY_FORWARD] = {"forward ports one-to-one to HOST", forward, ARRAY_LEN(forward)},
    [REMEDY_STATIC_PORT] = {"keep the source ports of HOST", static_port, ARRAY_LEN(static_port)},
    [REMEDY_EGRESS] = {"let packets of HOST out", egress, ARRAY_LEN(egress)},
    [REMEDY_SCAN] = {"exempt the server from scan protection", scan, ARRAY_LEN(scan)},
    [REMEDY_TABLE] = {"make room for more connections", table, ARRAY_LEN(table)},
    [REMEDY_ALG] = {"turn the SIP ALG off", alg, ARRAY_LEN(alg)},
};

const char *remedy_title(enum remedy remedy)
{
    return remedies[remedy].title;
}

const struct remedy_hint *remedy_hints(enum remedy remedy, size_t *count)
{
    *count = remedies[remedy].count;
    return remedies[remedy].hints;
}
