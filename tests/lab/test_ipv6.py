"""What `natsweep-agent check --family 6` says: firewalls without NAT, prefix translation, and TCP."""
import json
import threading

import pytest

from . import OPEN_INTERNET, wait_for
from .bed6 import WAN, Lab6
from .check import EXIT, MODES, check
from .test_check import ALL_PORTS, CLOSED, PASS, RTP, blocked

FAMILY = ["--family", "6"]
SECRET = "correct horse battery"
TCP_PORTS = "5060/udp,5060-5061/tcp,5090/tcp"
CLOSED_RTP = {frozenset(range(9010, 9020)): CLOSED}

# kind: outcome, class, what the ports are said to be, and those that differ
KINDS = {
    OPEN_INTERNET: ("supported", "open_internet", PASS, {}),
    "routed": ("supported", "open_internet", PASS, {}),
    "firewall": ("unsupported", "symmetric_firewall", CLOSED, {}),
    "opened": ("supported", "symmetric_firewall", PASS, {}),
    "partly_opened": ("partial", "symmetric_firewall", PASS, CLOSED_RTP),
    "prefix": ("unsupported", "port_restricted_cone", CLOSED, {}),
    "prefix_opened": ("supported", "port_restricted_cone", PASS, {}),
    "outbound_prohibited": ("partial", "symmetric_firewall", PASS, {RTP: blocked("admin_prohibited")}),
    "outbound_no_route": ("partial", "symmetric_firewall", PASS, {RTP: blocked("no_route")}),
    "outbound_unreachable": ("partial", "symmetric_firewall", PASS, {RTP: blocked("port_unreachable")}),
    "outbound_silent": ("partial", "symmetric_firewall", PASS, {RTP: blocked("timeout")}),
}


@pytest.fixture
def lab6():
    """A fresh internet of IPv6."""
    with Lab6() as fresh:
        yield fresh


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_site_gets_the_judgement_its_firewall_deserves(lab6, kind, mode):
    outcome, nat_class, usual, but = KINDS[kind]
    vantage = lab6.vantage()
    site = lab6.site(kind)
    said = check(site, vantage.stun, mode, flags=FAMILY)
    assert (said.outcome, said.exit_code, said.nat["class"]) == (outcome, EXIT[outcome], nat_class)
    assert set(said.ports) == ALL_PORTS and said.facts("live") == {(mode == "live",)}
    expected = {number: next((port for ports, port in but.items() if number in ports), usual) for number in ALL_PORTS}
    assert {number: port for number, port in said.ports.items() if not expected[number].matches(port)} == {}
    assert (said.family, said.local_address, said.public_address) == (6, site.local_address, site.public_address)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind, closed", [("opened", set()), ("prefix_opened", set()), ("partly_opened", {5061, 5090})])
def test_tcp_ports_are_tested_from_an_ipv6_relay(lab6, tmp_path, kind, closed, mode):
    path = tmp_path / "secret"
    path.write_text(SECRET + "\n", encoding="utf-8")
    path.chmod(0o600)
    vantage = lab6.vantage(secret=SECRET)
    said = check(lab6.site(kind), vantage.stun, mode, TCP_PORTS, [*FAMILY, "--turn-secret-file", str(path)])
    tcp = {port["port"]: (port["verdict"], port["reason"]) for port in said.whole["ports"] if port["transport"] == "tcp"}
    assert tcp == {port: ("closed", "timeout") if port in closed else ("pass", None) for port in (5060, 5061, 5090)}


@pytest.mark.parametrize("stun", ["203.0.113.10", "[fe80::1]:3478"])
def test_a_server_that_ipv6_cannot_reach_is_one_sentence(lab6, stun):
    said = check(lab6.site("opened"), stun, flags=FAMILY)
    assert (said.outcome, said.exit_code) == ("not_run", 2)
    assert "203.0.113.10: it is an address of the other family" in said.message or "no IPv6 route to fe80::1" in said.message


NEW_LAN = "2001:db8:78::"


def renumber(lab, site):
    """The provider gives the site another prefix, and the old one is gone."""
    lab.internet.ip(f"route add {NEW_LAN}/64 via {WAN}")
    site.router.ip(f"addr add {NEW_LAN}1/64 dev lan0 nodad")
    site.pbx.ip(f"addr add {NEW_LAN}2/64 dev eth0 nodad", f"route replace default via {NEW_LAN}1", f"addr del {site.local_address}/64 dev eth0")


def packets_sent(machine):
    """By the machine's eth0."""
    return json.loads(machine.run("ip", "-j", "-s", "link", "show", "eth0"))[0]["stats64"]["tx"]["packets"]


def test_a_new_prefix_in_mid_sweep_takes_no_port_with_it(lab6):
    vantage = lab6.vantage()
    site = lab6.site("opened")
    enough = packets_sent(site.pbx) + 80
    said = []
    sweep = threading.Thread(target=lambda: said.append(check(site, vantage.stun, "live", "9000-9079/udp", [*FAMILY, "--pace", "40"])))
    sweep.start()
    wait_for(lambda: packets_sent(site.pbx) > enough, "the sweep to be in its middle")
    renumber(lab6, site)
    sweep.join()
    assert {port["mapped"].rsplit(":", 1)[0] for port in said[0].ports.values()} == {f"[{site.local_address}]", f"[{NEW_LAN}2]"}
    assert said[0].facts("verdict") == {("pass",)} and said[0].nat["class"] == "symmetric_firewall", said[0].whole
