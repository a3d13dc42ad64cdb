"""What `natsweep-agent check` says of servers that cannot do the tests: the server's fault is never the firewall's."""
import pytest

from .check import EXIT, MODES, check

# fault: what every port of a well forwarded site is said to be
NO_SECOND = ("no_second_address", True, True, None)
FAULTS = {
    "ignores_change_request": NO_SECOND,
    "no_other_address": NO_SECOND,
    "same_address": NO_SECOND,
    "private_other": NO_SECOND,
    "error_420": NO_SECOND,
    "error_400": NO_SECOND,
}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_without_a_usable_second_address_is_named_as_such(lab, fault, mode):
    server = lab.responder(fault)
    said = check(lab.site("static_forward"), server.stun, mode)
    assert said.facts("verdict", "reached", "preserved", "inbound") == {FAULTS[fault]}
    assert (said.outcome, said.exit_code) == ("not_run", 2)
    assert "second address" in said.message


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("options", [{"second": False}, {"rfc5780": False}])
def test_a_real_coturn_without_rfc_5780_is_named_as_such(lab, options, mode):
    vantage = lab.vantage(**options)
    said = check(lab.site("static_forward"), vantage.stun, mode)
    assert said.facts("verdict", "reached", "preserved", "inbound") == {NO_SECOND}
    assert (said.outcome, said.exit_code) == ("not_run", 2)


@pytest.mark.parametrize("mode", MODES)
def test_a_translating_nat_shows_even_on_a_server_without_a_second_address(lab, mode):
    vantage = lab.vantage(second=False)
    said = check(lab.site("symmetric"), vantage.stun, mode)
    assert said.facts("verdict", "preserved") == {("translated", False)}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["static_forward", "port_restricted"])
def test_a_dead_second_address_is_never_a_closed_port(lab, kind, mode):
    server = lab.responder("dead_second_address")
    said = check(lab.site(kind), server.stun, mode)
    assert said.facts("reached", "preserved") == {(True, True)}
    assert said.facts("verdict") <= {("no_second_address",), ("inconclusive",)}
    assert (said.outcome, said.exit_code) == ("not_run", 2)


@pytest.mark.parametrize("fault", ["garbage", "error_500"])
def test_a_server_that_answers_nonsense_is_not_blamed_on_the_firewall(lab, fault):
    server = lab.responder(fault)
    said = check(lab.site("static_forward"), server.stun)
    assert said.facts("verdict") <= {("bad_response",), ("not_tested",)}
    assert said.exit_code == EXIT[said.outcome] != 0


@pytest.mark.parametrize("fault", ["no_response_port", "ignores_response_port"])
def test_a_server_without_response_port_leaves_unsolicited_unknown(lab, fault):
    server = lab.responder(fault)
    said = check(lab.site("static_forward"), server.stun)
    # The NAT filters by address, so an answer from the second address alone proves the forward.
    assert said.facts("verdict", "inbound", "unsolicited") == {("pass", True, None)}
    assert said.outcome == "supported"


def test_the_next_server_is_tried_when_the_first_is_dead(lab):
    vantage = lab.vantage()
    said = check(lab.site("static_forward"), "203.0.113.77:3478", flags=["--stun", vantage.stun])
    assert said.outcome == "supported" and said.stun_server["address"] == vantage.stun


def test_a_dead_server_is_one_sentence_and_no_port_s_failure(lab):
    said = check(lab.site("static_forward"), "203.0.113.77:3478")
    assert (said.outcome, said.exit_code) == ("not_run", 2)
    assert "203.0.113.77" in said.message
