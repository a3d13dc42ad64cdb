"""The JSON object of CONTRACT: every name, every type, nothing missing."""
from datetime import datetime

import pytest

from .check import check

TEXT, WHOLE, TRUTH = str, int, bool


def maybe(kind):
    """The type or null."""
    return (kind, type(None))


SERVER = {"name": TEXT, "address": TEXT, "other_address": maybe(TEXT)}
NAT = {"class": TEXT, "mapping": TEXT, "filtering": TEXT, "port_preservation": maybe(TRUTH), "hairpin": maybe(TRUTH),
       "binding_lifetime_s": maybe(WHOLE), "generic_alg": maybe(TRUTH), "sip_alg": maybe(dict), "double_nat": maybe(TRUTH)}
PORT = {"port": WHOLE, "transport": TEXT, "role": TEXT, "expect": TEXT, "as_expected": maybe(TRUTH), "verdict": TEXT, "reason": maybe(TEXT),
        "message": TEXT, "reached": maybe(TRUTH), "preserved": maybe(TRUTH), "inbound": maybe(TRUTH), "unsolicited": maybe(TRUTH),
        "mapped": maybe(TEXT), "rtt_us": maybe(WHOLE), "attempts": WHOLE, "live": TRUTH, "owner": maybe(dict)}
WHOLE_REPORT = {"outcome": TEXT, "message": TEXT, "advice": list, "stun_server": maybe(dict), "family": WHOLE, "local_address": maybe(TEXT),
                "public_address": maybe(TEXT), "started_at": TEXT, "duration_us": WHOLE, "nat": dict, "warnings": list, "summary": dict,
                "ports": list}


def assert_shape(said, shape):
    """Every name is there with a value of its type."""
    for name, kind in shape.items():
        assert name in said, f"{name} is missing"
        value, kinds = said[name], kind if isinstance(kind, tuple) else (kind,)
        # A JSON true is no number, though Python's bool is an int.
        assert type(value) in kinds, f"{name} is {value!r}"


@pytest.mark.parametrize("kind", ["partly_forwarded", "symmetric", "no_udp_silent"])
def test_every_name_of_the_contract_is_there(lab, kind):
    vantage = lab.vantage()
    said = check(lab.site(kind), vantage.stun).whole
    assert_shape(said, WHOLE_REPORT)
    assert_shape(said["nat"], NAT)
    if said["stun_server"] is not None:
        assert_shape(said["stun_server"], SERVER)
    for port in said["ports"]:
        assert_shape(port, PORT)
    for warning in said["warnings"]:
        assert_shape(warning, {"code": TEXT, "message": TEXT})
    assert datetime.fromisoformat(said["started_at"].replace("Z", "+00:00")).tzinfo is not None


def test_the_summary_adds_up(lab):
    vantage = lab.vantage()
    said = check(lab.site("partly_forwarded"), vantage.stun)
    assert (said.summary["pass"], said.summary["closed"], said.summary["unjudged"]) == (11, 10, 0)
    assert [port for port, fact in said.ports.items() if fact["as_expected"]] == [5060, *range(9000, 9010)]


def test_the_server_and_its_second_address_are_named(lab):
    vantage = lab.vantage()
    said = check(lab.site("static_forward"), vantage.stun)
    assert said.stun_server == {"name": vantage.stun, "address": "203.0.113.10:3478", "other_address": "203.0.113.11:3479"}
    assert {port["mapped"] for port in said.ports.values()} == {f"203.0.113.2:{number}" for number in said.ports}
