"""Sites with more than one way to the internet: a verdict is about the line that the port itself leaves by, or it is none."""
import pytest

from .check import MODES, check
from .vantage import SECOND

SECOND_LINE = "203.0.113.200"
RTP = range(9000, 9020)
# Two lines into one network: each answers for its own address only, and an answer may come in by the line it did not go out by.
TWO_LINES = ("net.ipv4.conf.all.arp_ignore=1", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.wan0.rp_filter=0",
             "net.ipv4.conf.wan1.rp_filter=0")

# nat/KIND.nft: the line whose ports are forwarded.
FORWARDED_ON = {"two_wans": None, "two_wans_first_forwarded": "first", "two_wans_second_forwarded": "second"}


def two_lines(lab, kind):
    """A site whose router has a second line, which nothing is sent over yet."""
    site = lab.site(kind)
    lab.connect(site.router, "wan1", "second-line", f"{SECOND_LINE}/32")
    site.router.run("sysctl", "-qw", *TWO_LINES)
    return site


def send_rtp_over_the_second_line(site):
    """The router chooses the line by the source port."""
    site.router.ip("route add 203.0.113.0/24 dev wan1 table 100", "rule add ipproto udp sport 9000-10999 lookup 100")


def assert_judged_by_its_line(said, numbers, forwarded):
    """What a line forwards passes. What it does not is closed, or in doubt where the lines hide whether the server can ask it."""
    verdicts = {said.ports[number]["verdict"] for number in numbers}
    assert verdicts == {"pass"} if forwarded else verdicts <= {"closed", "inconclusive"}, said.whole


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", FORWARDED_ON)
def test_a_second_address_behind_another_line_changes_no_verdict(lab, kind, mode):
    """What is sent to the second address leaves by the other line; the ports send to the first address alone."""
    vantage = lab.vantage()
    site = two_lines(lab, kind)
    site.router.ip(f"route add {SECOND}/32 dev wan1 src {SECOND_LINE}")
    said = check(site, vantage.stun, mode)
    assert_judged_by_its_line(said, said.ports, FORWARDED_ON[kind] == "first")
    assert {port["mapped"] for port in said.ports.values()} == {f"{site.public_address}:{number}" for number in said.ports}
    assert said.public_address == site.public_address


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", FORWARDED_ON)
def test_ports_are_judged_by_the_line_that_they_leave_by(lab, kind, mode):
    """Test 3 is answered at the line of the socket that asked, which is not the one that calls come in by."""
    vantage = lab.vantage()
    site = two_lines(lab, kind)
    send_rtp_over_the_second_line(site)
    said = check(site, vantage.stun, mode)
    assert_judged_by_its_line(said, [5060], FORWARDED_ON[kind] == "first")
    assert_judged_by_its_line(said, RTP, FORWARDED_ON[kind] == "second")
    assert {said.ports[number]["mapped"] for number in RTP} == {f"{SECOND_LINE}:{number}" for number in RTP}
    assert {said.ports[number]["unsolicited"] for number in RTP} == {None}
    assert "several_public_addresses" in [warning["code"] for warning in said.warnings]


@pytest.mark.parametrize("mode", MODES)
def test_an_address_that_forwards_nothing_is_no_scan_protection(lab, mode):
    """Test 3 goes to one address of the pool, and the port's own mapping may be at the other."""
    vantage = lab.vantage()
    site = lab.site("pool")
    site.router.ip(f"addr add {SECOND_LINE}/24 dev wan0")
    said = check(site, vantage.stun, mode)
    at_first = {number for number, port in said.ports.items() if port["mapped"].startswith(f"{site.public_address}:")}
    assert {said.ports[number]["verdict"] for number in at_first} == {"pass"}, said.whole
    others = {(said.ports[number]["verdict"], said.ports[number]["reason"]) for number in said.ports.keys() - at_first}
    assert others and others <= {("closed", None), ("inconclusive", "server_fault")}, said.whole


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("first_is_the_router", [True, False])
def test_local_chooses_the_interface(lab, mode, first_is_the_router):
    """One interface lies behind a router without forwards, the other on the internet; whichever is the usual way out, `--local` wins."""
    vantage = lab.vantage()
    site = lab.site("port_restricted")
    lab.connect(site.pbx, "wan0", "direct", f"{SECOND_LINE}/24")
    site.pbx.run("sysctl", "-qw", "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.eth0.rp_filter=0", "net.ipv4.conf.wan0.rp_filter=0")
    site.pbx.ip("route add default via 192.168.77.1 table 77", f"rule add from {site.local_address} lookup 77")
    if first_is_the_router:
        site.pbx.ip("route add 203.0.113.0/28 via 192.168.77.1")
        site.pbx.ip("route add 203.0.113.0/24 dev wan0 table 78", f"rule add from {SECOND_LINE} lookup 78")
    usual, other = (site.local_address, SECOND_LINE) if first_is_the_router else (SECOND_LINE, site.local_address)
    wanted = {site.local_address: (site.public_address, "port_restricted_cone", {("closed",)}),
              SECOND_LINE: (SECOND_LINE, "open_internet", {("pass",)})}
    for flags, local in (([], usual), (["--local", other], other), (["--local", usual], usual)):
        said = check(site, vantage.stun, mode, flags=flags)
        assert (said.local_address, said.public_address, said.nat["class"], said.facts("verdict")) == (local, *wanted[local]), said.whole
