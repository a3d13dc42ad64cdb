"""The eight sites, and the judgement that each one's NAT deserves."""
from dataclasses import dataclass

PORTS = "5060/udp,5090/udp,9000-9199/udp"
PORT_COUNT = 202


@dataclass(frozen=True)
class DemoSite:
    """Whose site it is, what stands between it and the internet, and what must be said about it."""

    customer: str
    name: str
    nat: str  # tests/lab/nat/NAT.nft
    story: str
    outcome: str
    nat_class: str
    forwarding: str
    verdicts: tuple  # of (verdict, number of ports), sorted


def all_ports(verdict):
    """Every port alike."""
    return ((verdict, PORT_COUNT),)


CONE = "port_restricted_cone"

SITES = [
    DemoSite("Alpine Dental", "zurich", "static_forward", "every port forwarded one to one",
             "supported", CONE, "complete", all_ports("pass")),
    DemoSite("Alpine Dental", "bern", "port_restricted", "home router, nothing forwarded",
             "unsupported", CONE, "none", all_ports("closed")),
    DemoSite("Alpine Dental", "geneva", "wrong_host", "forwarded, but to another machine",
             "unsupported", CONE, "none", all_ports("closed")),
    DemoSite("Harbour Freight", "hamburg", "partly_forwarded", "half of the RTP range forgotten",
             "partial", CONE, "partial", (("closed", 190), ("pass", 12))),
    DemoSite("Harbour Freight", "rotterdam", "random_source", "forwarded, but source ports rewritten",
             "unsupported", "symmetric", "complete", all_ports("translated")),
    DemoSite("Harbour Freight", "antwerp", "symmetric", "another port for every destination",
             "unsupported", "symmetric", "none", all_ports("translated")),
    DemoSite("Pine Hotels", "oslo", "dynamic_full_cone", "full cone without a forward",
             "unsupported", "full_cone", "none", all_ports("dynamic")),
    DemoSite("Pine Hotels", "bergen", "outbound_prohibited", "provider forbids 20 RTP ports",
             "partial", CONE, "complete", (("pass", 182), ("unreachable", 20))),
]


def customers():
    """The customers in the order of their sites."""
    return list(dict.fromkeys(site.customer for site in SITES))
