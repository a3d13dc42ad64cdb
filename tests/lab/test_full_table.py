"""Routers whose connection table is full: what finds no room there is no closed port."""
import pytest

from .check import MODES, check

PORTS = "9000-9059/udp"
TCP_PORTS = "5060-5061/tcp"
PATIENCE = ["--patience", "2"]
SECRET = "correct horse battery"
NO_ROOM = ("inconclusive", "table_full")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["full_table", "full_table_outwards"])
def test_a_port_that_found_no_room_is_not_closed(lab, kind, mode):
    vantage = lab.vantage()
    said = check(lab.site(kind), vantage.stun, mode, PORTS, PATIENCE)
    assert said.facts("verdict", "reason") == {("pass", None), NO_ROOM}, said.whole
    assert said.outcome == "inconclusive" and any("table" in advice for advice in said.advice)


@pytest.mark.parametrize("kind", ["full_table", "full_table_outwards"])
def test_tcp_ports_are_not_blamed_for_a_table_that_udp_filled(lab, tmp_path, kind):
    vantage = lab.vantage(secret=SECRET)
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n", encoding="utf-8")
    secret.chmod(0o600)
    said = check(lab.site(kind), vantage.stun, "live", f"{PORTS},{TCP_PORTS}", [*PATIENCE, "--turn-secret-file", str(secret)])
    tcp = {(port["verdict"], port["reason"]) for port in said.whole["ports"] if port["transport"] == "tcp"}
    assert tcp and tcp <= {("pass", None), NO_ROOM}, said.whole
