"""Routers that guard against scans: what they swallow is no closed port."""
import pytest

from .check import MODES, check

PATIENCE = ["--patience", "3"]
IN_DOUBT = ("inconclusive", "scan_protection")


@pytest.mark.parametrize("kind", ["scan_ban", "scan_ban_early", "limited_strangers", "second_address_banned"])
@pytest.mark.parametrize("mode", MODES)
def test_a_guarded_port_is_not_closed(lab, kind, mode):
    vantage = lab.vantage()
    said = check(lab.site(kind), vantage.stun, mode, flags=PATIENCE)
    assert said.facts("verdict", "reason") <= {("pass", None), IN_DOUBT}, said.whole
    assert IN_DOUBT in said.facts("verdict", "reason") and said.outcome in ("inconclusive", "not_run")


@pytest.mark.parametrize("mode", MODES)
def test_who_cannot_be_judged_for_scan_protection_is_told_so(lab, mode):
    vantage = lab.vantage()
    said = check(lab.site("second_address_banned"), vantage.stun, mode, flags=PATIENCE)
    assert said.outcome == "not_run" and "scan" in said.message and any("scan" in line for line in said.advice)


@pytest.mark.parametrize("kind", ["port_restricted", "address_restricted", "partly_forwarded", "wrong_host"])
def test_a_second_look_leaves_closed_ports_closed(lab, kind):
    vantage = lab.vantage()
    said = check(lab.site(kind), vantage.stun)
    assert said.facts("verdict", "reason") <= {("closed", None), ("pass", None)} and ("closed", None) in said.facts("verdict", "reason")
