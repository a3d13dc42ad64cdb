"""Servers that misbehave in ways of their own, in front of a site whose ports are all forwarded and of one that forwards none: a
verdict is right or it is none."""
import pytest

from .check import EXIT, check

PATIENCE = ["--patience", "2"]
NOT_THE_SITE = {"inconclusive", "bad_response", "no_second_address", "not_tested"}

# fault: all that may be said of a port where all are forwarded, and where none is
FAULTS = {
    "wrong_id": ({"not_tested"}, {"not_tested"}),
    "rfc_3489": ({"pass"}, {"closed"}),
    "unmapped": ({"bad_response", "not_tested"},) * 2,
    "empty_mapped": ({"bad_response", "not_tested"},) * 2,
    "truncated": ({"bad_response", "not_tested"},) * 2,
    "bad_fingerprint": ({"bad_response", "not_tested"},) * 2,
    "twice": ({"pass"}, {"closed"}),
    "late": ({"pass", "inconclusive"}, {"closed", "inconclusive"}),
    "swapped": ({"not_tested", "inconclusive"},) * 2,
    "wrong_port": ({"not_tested"},) * 2,
    "zero_other": ({"no_second_address"},) * 2,
    "error_300": ({"bad_response"},) * 2,
    "always_401": ({"not_tested"},) * 2,
    "always_438": ({"not_tested"},) * 2,
    "sometimes_ignores": ({"pass", "inconclusive"}, {"closed", "inconclusive"}),
    "sometimes_stays": ({"pass", *NOT_THE_SITE}, {"closed", *NOT_THE_SITE}),
    "second_dies": ({"pass", "inconclusive"}, {"inconclusive"}),
    "ignores_later": ({"pass", *NOT_THE_SITE}, NOT_THE_SITE),
    "garbage_later": ({"pass", *NOT_THE_SITE}, NOT_THE_SITE),
    "error_later": ({"pass", *NOT_THE_SITE}, NOT_THE_SITE),
    "refuses_later": ({"pass", *NOT_THE_SITE}, NOT_THE_SITE),
    "dies": ({"pass", "inconclusive", "not_tested"}, {"inconclusive", "not_tested"}),
    "other_moves": ({"pass"}, {"closed"}),
    "few_ports": ({"pass", "inconclusive"}, {"inconclusive"}),
    "floods": ({"pass", "inconclusive"}, {"closed", "inconclusive"}),
    "answers_all": ({"no_second_address"},) * 2,
}


@pytest.mark.parametrize("forwarded", [True, False])
@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_of_a_server_is_the_site_s(lab, fault, forwarded):
    server = lab.responder(fault)
    said = check(lab.site("static_forward" if forwarded else "port_restricted"), server.stun, flags=PATIENCE)
    assert {verdict for (verdict,) in said.facts("verdict")} <= FAULTS[fault][0 if forwarded else 1], said.whole
    assert said.exit_code == EXIT[said.outcome]


@pytest.mark.parametrize("fault", ["dies", "error_later", "garbage_later", "second_dies"])
def test_another_server_finishes_what_one_began(lab, fault):
    server = lab.responder(fault)
    other = lab.responder("none", "203.0.113.14", "203.0.113.15")
    said = check(lab.site("partly_forwarded"), server.stun, flags=["--stun", other.stun, "--patience", "10"])
    closed = {number for number, port in said.ports.items() if port["verdict"] == "closed"}
    assert closed <= set(range(9010, 9020))
    assert said.facts("verdict", "reason") <= {("pass", None), ("closed", None), ("inconclusive", "server_fault"), ("inconclusive", "scan_protection")}
    assert said.nat["class"] in ("port_restricted_cone", "unknown")
