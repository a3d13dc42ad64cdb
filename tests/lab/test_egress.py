"""Sites that let out the PBX's own ports only: nothing can be asked from elsewhere, and the ports are judged all the same."""
import pytest

from .check import MODES, check

PLANNED = 21


def stand_in(said, verdict):
    """The one port that asked for the others, which are all `verdict`; it had sent before its own test."""
    others = [port for port in said.ports.values() if port["verdict"] != verdict or port["unsolicited"] is None]
    assert len(others) == 1, said.whole
    return others[0]


@pytest.mark.parametrize("mode", MODES)
def test_forwarded_ports_pass_when_nothing_else_gets_out(lab, mode):
    vantage = lab.vantage()
    said = check(lab.site("only_pbx_ports_out"), vantage.stun, mode)
    assert said.facts("reached", "preserved", "inbound") == {(True, True, True)}
    assert said.summary["pass"] == PLANNED - 1 and said.outcome == "inconclusive"
    odd = stand_in(said, "pass")
    assert (odd["verdict"], odd["reason"], odd["unsolicited"]) == ("inconclusive", "mapping_alive", None)
    assert (said.nat["mapping"], said.nat["filtering"]) == ("endpoint_independent", "unknown")


@pytest.mark.parametrize("mode", MODES)
def test_unforwarded_ports_are_closed_when_nothing_else_gets_out(lab, mode):
    vantage = lab.vantage()
    site = lab.site("only_pbx_ports_out_no_forward")
    said = check(site, vantage.stun, mode)
    assert said.facts("verdict", "inbound") == {("closed", False)} and said.outcome == "unsupported"
    first = stand_in(said, "closed")["port"]
    # What the stand-in sent to the second address has opened the router for it, and the next check knows.
    again = check(site, vantage.stun, mode)
    assert again.ports[first]["verdict"] in ("closed", "inconclusive")
    assert again.facts("verdict") <= {("closed",), ("inconclusive",)} and again.outcome == "unsupported"


@pytest.mark.parametrize("mode", MODES)
def test_a_full_cone_is_no_forward_when_nothing_else_gets_out(lab, mode):
    vantage = lab.vantage()
    said = check(lab.site("only_pbx_ports_out_full_cone"), vantage.stun, mode)
    assert said.facts("verdict", "reason") == {("dynamic", None), ("inconclusive", "mapping_alive")}
    assert said.summary["dynamic"] == PLANNED - 1 and said.outcome == "unsupported"
