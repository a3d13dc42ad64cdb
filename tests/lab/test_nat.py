"""What a NAT does beside mapping and filtering."""
import pytest

from . import OPEN_INTERNET
from .check import MODES, check


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind, hairpin", [("hairpin", True), ("static_forward", False), ("port_restricted", False), (OPEN_INTERNET, None)])
def test_hairpinning_is_told(lab, kind, hairpin, mode):
    vantage = lab.vantage()
    said = check(lab.site(kind), vantage.stun, mode)
    assert said.nat["hairpin"] is hairpin and said.warnings == []


def test_a_server_that_asks_for_credentials_tells_hairpinning_too(lab, tmp_path):
    vantage = lab.vantage(secret="correct horse battery")
    secret = tmp_path / "secret"
    secret.write_text("correct horse battery\n", encoding="utf-8")
    secret.chmod(0o600)
    said = check(lab.site("hairpin"), vantage.stun, flags=["--turn-secret-file", str(secret)])
    assert said.nat["hairpin"] is True


def test_the_binding_lifetime_is_measured_on_request(lab):
    vantage = lab.vantage()
    site = lab.site("port_restricted")
    site.router.run("sysctl", "-qw", "net.netfilter.nf_conntrack_udp_timeout=4", "net.netfilter.nf_conntrack_udp_timeout_stream=4")
    assert check(site, vantage.stun).nat["binding_lifetime_s"] is None
    said = check(site, vantage.stun, flags=["--binding-lifetime"])
    assert said.nat["binding_lifetime_s"] in (4, 5) and said.warnings == []
