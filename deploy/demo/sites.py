"""The sites, and the judgement that each one's NAT deserves."""
from dataclasses import dataclass

PORTS = "5060/udp,5090/udp,9000-9199/udp,5060-5061/tcp,5090/tcp"
UDP, TCP = 202, 3
# How long a sweep may wait for a router that bans the vantage, in seconds: a demo's patience.
PATIENCE_S = 5

CONE = "port_restricted_cone"


@dataclass(frozen=True)
class DemoSite:
    """Whose site it is, what stands between it and the internet, and what must be said about it."""

    customer: str
    name: str
    nat: str  # tests/lab/nat/NAT.nft
    story: str
    outcome: str
    verdicts: dict  # number of ports by verdict; None: at least one
    nat_class: str = CONE  # None: a router that bans the vantage hides it, or not
    forwarding: str = "none"
    alg: str = "none"
    calls: bool = False  # its PBX is SIPp, which holds its ports and is in calls while they are swept
    neighbour_listens: tuple = ()  # TCP ports at which the other machine of the LAN listens


SITES = [
    DemoSite("Alpine Dental", "zurich", "static_forward", "all forwarded; its PBX is in calls",
             "supported", {"pass": UDP + TCP}, forwarding="complete", calls=True),
    DemoSite("Alpine Dental", "bern", "port_restricted", "home router, nothing forwarded",
             "unsupported", {"closed": UDP + TCP}),
    DemoSite("Alpine Dental", "geneva", "wrong_host", "forwarded, but to another machine",
             "unsupported", {"closed": UDP, "wrong_host": TCP}, neighbour_listens=(5060, 5061, 5090)),
    DemoSite("Alpine Dental", "basel", "tcp_rejected", "UDP forwarded, TCP turned away",
             "partial", {"pass": UDP, "refused": TCP}, forwarding="partial"),
    DemoSite("Harbour Freight", "hamburg", "partly_forwarded", "half of the RTP range forgotten",
             "partial", {"closed": 190 + TCP, "pass": 12}, forwarding="partial"),
    DemoSite("Harbour Freight", "rotterdam", "random_source", "forwarded, but source ports rewritten",
             "partial", {"pass": TCP, "translated": UDP}, nat_class="symmetric", forwarding="complete"),
    DemoSite("Harbour Freight", "antwerp", "symmetric", "another port for every destination",
             "unsupported", {"closed": TCP, "translated": UDP}, nat_class="symmetric"),
    DemoSite("Harbour Freight", "bremen", "sip_alg", "all forwarded, but SIP is rewritten (ALG)",
             "supported", {"pass": UDP + TCP}, forwarding="complete", alg="sip"),
    DemoSite("Pine Hotels", "oslo", "dynamic_full_cone", "full cone without a forward",
             "unsupported", {"closed": TCP, "dynamic": UDP}, nat_class="full_cone"),
    DemoSite("Pine Hotels", "bergen", "outbound_prohibited", "provider forbids 20 RTP ports",
             "partial", {"pass": UDP - 20 + TCP, "unreachable": 20}, forwarding="complete"),
    DemoSite("Pine Hotels", "tromso", "scan_ban", "all forwarded, but scanners are banned",
             "inconclusive", {"inconclusive": None, "pass": None}, nat_class=None, forwarding="complete"),
]


def customers():
    """The customers in the order of their sites."""
    return list(dict.fromkeys(site.customer for site in SITES))
