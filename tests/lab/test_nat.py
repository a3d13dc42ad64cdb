"""What a NAT does beside mapping and filtering."""
import os
import sys
import tempfile

import pytest

from . import OPEN_INTERNET
from .check import MODES, check
from .process import wait_for

SECRET = "correct horse battery"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind, hairpin", [("hairpin", True), ("static_forward", False), ("port_restricted", False), (OPEN_INTERNET, None)])
def test_hairpinning_is_told(lab, kind, hairpin, mode):
    vantage = lab.vantage()
    said = check(lab.site(kind), vantage.stun, mode)
    assert said.nat["hairpin"] is hairpin and said.warnings == []


@pytest.fixture
def secret(tmp_path):
    """The flags that give check the vantage's secret."""
    path = tmp_path / "secret"
    path.write_text(SECRET + "\n", encoding="utf-8")
    path.chmod(0o600)
    return ["--turn-secret-file", str(path)]


def test_a_server_that_asks_for_credentials_tells_hairpinning_too(lab, secret):
    vantage = lab.vantage(secret=SECRET)
    said = check(lab.site("hairpin"), vantage.stun, flags=secret)
    assert said.nat["hairpin"] is True


def test_the_binding_lifetime_is_measured_on_request(lab, secret):
    vantage = lab.vantage(secret=SECRET)
    site = lab.site("port_restricted")
    site.router.run("sysctl", "-qw", "net.netfilter.nf_conntrack_udp_timeout=4", "net.netfilter.nf_conntrack_udp_timeout_stream=4")
    assert check(site, vantage.stun, flags=secret).nat["binding_lifetime_s"] is None
    said = check(site, vantage.stun, flags=[*secret, "--binding-lifetime"])
    assert said.nat["binding_lifetime_s"] in (4, 5) and said.warnings == []


ROUTER = "192.168.77.1"
NAT_PMP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "nat_pmp.py")


def codes(said):
    """The warnings' words."""
    return [warning["code"] for warning in said.warnings]


def serve_nat_pmp(site, protocol, external):
    """Lets the site's router tell its external address; returns what the service prints."""
    log = tempfile.TemporaryFile("w+", encoding="ascii")
    site.router.spawn(sys.executable, NAT_PMP, ROUTER, protocol, external, stdout=log)
    site.router.run("sh", "-c", "until ss -lunH | grep -q :5351; do :; done")
    return log


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["static_forward", "symmetric", OPEN_INTERNET])
def test_one_router_is_no_double_nat(lab, kind, mode):
    vantage = lab.vantage()
    said = check(lab.site(kind), vantage.stun, mode)
    assert said.nat["double_nat"] is False and codes(said) == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("net", ["100.64.0", "10.9.0"])
def test_a_second_router_shows_by_its_address(lab, net, mode):
    vantage = lab.vantage()
    said = check(lab.site("static_forward", carrier=net), vantage.stun, mode)
    assert said.nat["double_nat"] is True and codes(said) == ["double_nat"]
    assert f"{net}.1" in said.warnings[0]["message"]
    assert {port["verdict"] for port in said.ports.values()} == {"closed"}
    assert any("behind the router" in advice for advice in said.advice)


def test_a_router_that_sets_every_hop_limit_anew_hides_the_second_one(lab):
    """As routers on mobile lines do: what may pass two routers only gets to the server all the same."""
    vantage = lab.vantage()
    site = lab.site("static_forward", carrier="100.64.0")
    site.router.run("nft", "add table ip hops; add chain ip hops out { type filter hook prerouting priority mangle; };"
                           "add rule ip hops out iifname lan0 ip ttl set 64")
    said = check(site, vantage.stun)
    assert said.nat["double_nat"] is None and codes(said) == []


@pytest.mark.parametrize("protocol", ["nat-pmp", "pcp"])
def test_the_router_s_own_address_shows_a_second_one(lab, protocol):
    vantage = lab.vantage()
    site = lab.site("static_forward", carrier="198.51.100")
    assert check(site, vantage.stun).nat["double_nat"] is False  # nothing private in sight
    with serve_nat_pmp(site, protocol, "192.168.1.9") as log:
        def mappings():
            log.seek(0)
            return log.read().split()
        said = check(site, vantage.stun)
        # What was asked for, again when the router is slow, is given back.
        wait_for(lambda: mappings()[-1:] == (["0"] if protocol == "pcp" else []), "the router to have no mapping")
        assert set(mappings()) <= {"1", "0"}
    assert said.nat["double_nat"] is True and "192.168.1.9" in said.warnings[0]["message"]


def test_a_router_that_knows_the_public_address_is_the_only_one(lab):
    vantage = lab.vantage()
    site = lab.site("static_forward", carrier="10.9.0")
    with serve_nat_pmp(site, "nat-pmp", site.public_address):
        assert check(site, vantage.stun).nat["double_nat"] is False


def test_a_block_of_ports_is_a_carrier_s(lab):
    vantage = lab.vantage()
    said = check(lab.site("port_block"), vantage.stun)
    assert said.nat["double_nat"] is True and codes(said) == ["port_block"]
    assert "10240 to 10495" in said.warnings[0]["message"]
