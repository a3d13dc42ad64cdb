"""Whether SIP is rewritten on the way, asked of a real Kamailio through Linux's own SIP helper."""
import pytest

from .check import MODES, check
from .vantage import SECOND, SIP_CONTROL_PORT, SIP_PORT

REWRITTEN = ("Via: ", "From: ", "Contact: ", "o=", "c=")


def check_sip(lab, kind, mode="live", flags=(), **echo):
    """A check with the SIP ALG test behind a kind of NAT."""
    vantage = lab.vantage()
    address = lab.sip_echo(**echo).address
    return check(lab.site(kind), vantage.stun, mode, flags=["--sip-echo", address, *flags])


def codes(said):
    """The warnings' words."""
    return [warning["code"] for warning in said.warnings]


@pytest.mark.parametrize("mode", MODES)
def test_a_sip_alg_is_found_with_what_it_rewrote(lab, mode):
    said = check_sip(lab, "sip_alg", mode)
    assert said.nat["sip_alg"]["detected"] is True, said.whole
    diff = said.nat["sip_alg"]["diff"]
    for field in REWRITTEN:
        assert [line for line in diff if line.startswith(f"-{field}") and "192.168.77.2" in line], field
        assert [line for line in diff if line.startswith(f"+{field}") and "203.0.113.2" in line], field
    assert codes(said) == []
    assert any("SIP ALG" in advice for advice in said.advice)
    assert said.outcome == "supported"


@pytest.mark.parametrize("mode", MODES)
def test_a_plain_forward_rewrites_nothing(lab, mode):
    said = check_sip(lab, "static_forward", mode)
    assert said.nat["sip_alg"] == {"detected": False, "diff": []}
    assert codes(said) == []


def test_a_lossy_line_is_no_alg(lab):
    said = check_sip(lab, "loss")
    # One request in 3,500 is lost for good: then nothing is known.
    assert said.nat["sip_alg"]["detected"] is False or "sip_unanswered" in codes(said), said.whole


def test_a_proxy_that_touches_every_port_is_told_from_an_alg(lab):
    said = check_sip(lab, "sip_proxy")
    assert said.nat["sip_alg"]["detected"] is True and codes(said) == ["sip_proxy"]


def test_sip_that_does_not_come_through_leaves_the_alg_unknown(lab):
    said = check_sip(lab, "sip_blocked")
    assert said.nat["sip_alg"]["detected"] is None and codes(said) == ["sip_blocked"]


def test_an_echo_that_does_not_answer_leaves_the_alg_unknown(lab):
    vantage = lab.vantage()
    said = check(lab.site("sip_alg"), vantage.stun, flags=["--sip-echo", "203.0.113.10"])
    assert said.nat["sip_alg"] == {"detected": None, "diff": []} and codes(said) == ["sip_echo_silent"]
    assert said.outcome == "supported"


def test_an_alg_is_found_without_the_control_port(lab):
    said = check_sip(lab, "sip_alg", ports=[SIP_PORT])
    assert said.nat["sip_alg"]["detected"] is True and codes(said) == ["sip_control_silent"]


def test_a_control_port_alone_says_that_port_5060_is_the_matter(lab):
    said = check_sip(lab, "static_forward", ports=[SIP_CONTROL_PORT])
    assert said.nat["sip_alg"]["detected"] is None and codes(said) == ["sip_blocked"]


def test_an_echo_on_the_second_address_is_not_asked(lab):
    vantage = lab.vantage()
    said = check(lab.site("static_forward"), vantage.stun, flags=["--sip-echo", SECOND])
    assert codes(said) == ["sip_echo_on_second_address"]


def test_port_5060_is_tested_while_a_program_holds_it(lab):
    vantage = lab.vantage()
    address = lab.sip_echo().address
    site = lab.site("sip_alg")
    holder = site.pbx.spawn("python3", "-c", HOLD_5060)
    site.pbx.run("sh", "-c", "until ss -lun | grep -q :5060; do :; done")
    said = [check(site, vantage.stun, mode, flags=["--sip-echo", address]) for mode in MODES]
    assert holder.poll() is None
    assert [one.nat["sip_alg"]["detected"] for one in said] == [True, True]
    assert [codes(one) for one in said] == [[], ["sip_other_port"]]


HOLD_5060 = "import signal, socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('', 5060)); signal.pause()"


def test_what_an_invite_opens_fakes_no_pass_later(lab):
    vantage = lab.vantage()
    address = lab.sip_echo().address
    site = lab.site("sip_alg_no_forward")
    first = check(site, vantage.stun, flags=["--sip-echo", address])
    assert first.nat["sip_alg"]["detected"] is True
    again = check(site, vantage.stun)
    assert {port["verdict"] for port in again.ports.values()} == {"closed"}
