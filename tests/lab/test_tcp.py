"""TCP ports: what a TURN server's connection (RFC 6062) says about them, through a real coturn."""
import pytest

from .check import MODES, check
from .listener import listen

SECRET = "correct horse battery"
PORTS = "5060/udp,5060-5061/tcp,5090/tcp"


@pytest.fixture
def secret(tmp_path):
    """The flags that give check the vantage's secret."""
    path = tmp_path / "secret"
    path.write_text(SECRET + "\n", encoding="utf-8")
    path.chmod(0o600)
    return ["--turn-secret-file", str(path)]


def check_tcp(lab, site, secret, mode="live", ports=PORTS):
    """The TCP ports of a check by number, and the whole."""
    vantage = lab.vantage(secret=SECRET)
    said = check(site, vantage.stun, mode, ports, secret)
    return {port["port"]: port for port in said.whole["ports"] if port["transport"] == "tcp"}, said


def verdicts(ports):
    """What they were judged."""
    return {(port["verdict"], port["reason"]) for port in ports.values()}


def test_a_forward_is_proven_whether_a_program_listens_or_not(lab, secret):
    site = lab.site("static_forward")
    program = listen(site.pbx, 5061)
    ports, said = check_tcp(lab, site, secret)
    assert verdicts(ports) == {("pass", None)}
    assert said.outcome == "supported" and said.exit_code == 0
    assert ports[5061]["owner"] == {"pid": program.pid, "name": "python3"} and ports[5060]["owner"] is None
    assert all(port["inbound"] and port["live"] and port["rtt_us"] > 0 for port in ports.values())


def test_without_raw_sockets_a_held_port_is_named(lab, secret):
    site = lab.site("static_forward")
    program = listen(site.pbx, 5061)
    ports, said = check_tcp(lab, site, secret, "bound")
    assert ports[5061]["verdict"] == "in_use"
    assert ports[5061]["owner"] == {"pid": program.pid, "name": "python3"}
    del ports[5061]
    assert verdicts(ports) == {("pass", None)}
    assert said.outcome == "supported"


@pytest.mark.parametrize("mode", MODES)
def test_an_unforwarded_port_is_closed(lab, secret, mode):
    ports, said = check_tcp(lab, lab.site("port_restricted"), secret, mode)
    assert verdicts(ports) == {("closed", "timeout")}
    assert said.outcome == "unsupported"
    assert said.whole["duration_us"] < 30_000_000  # coturn itself would wait 30 s


@pytest.mark.parametrize("mode", MODES)
def test_a_reset_is_a_refusal(lab, secret, mode):
    ports, _ = check_tcp(lab, lab.site("tcp_rejected"), secret, mode)
    assert verdicts(ports) == {("refused", None)}


@pytest.mark.parametrize("mode", MODES)
def test_a_connection_that_another_host_takes_is_wrong_host(lab, secret, mode):
    site = lab.site("wrong_host")
    listen(site.neighbour, 5060, 5061, 5090)
    ports, _ = check_tcp(lab, site, secret, mode)
    assert verdicts(ports) == {("wrong_host", None)}


@pytest.mark.parametrize("mode", MODES)
def test_connections_whose_source_the_router_rewrites_are_no_failures(lab, secret, mode):
    """They reach this host, whatever the server says of them."""
    ports, said = check_tcp(lab, lab.site("rewritten_source"), secret, mode)
    assert verdicts(ports) == {("inconclusive", "mapping_alive")}
    assert "source_rewritten" in [warning["code"] for warning in said.warnings]


@pytest.mark.parametrize("kind, closed", [("next_port", {5060, 5061, 5090}), ("neighbour_s_port", {5060, 5061})])
def test_a_forward_to_another_port_of_this_host_passes_neither(lab, secret, kind, closed):
    site = lab.site(kind)
    listen(site.pbx, 5060, 5061, 5090)
    ports, said = check_tcp(lab, site, secret)
    assert {number for number, port in ports.items() if port["verdict"] == "closed"} == closed, said.whole
    assert {port["verdict"] for port in ports.values()} <= {"closed", "pass"}
    assert "other_port" in [warning["code"] for warning in said.warnings]


@pytest.mark.parametrize("kind", ["next_port", "neighbour_s_port"])
def test_without_raw_sockets_a_forward_to_another_port_is_no_pass(lab, secret, kind):
    ports, _ = check_tcp(lab, lab.site(kind), secret, "bound")
    assert ports[5061]["verdict"] != "pass" and ports[5060]["verdict"] != "pass"


def test_a_relay_that_the_site_never_heard_closes_no_port(lab, secret):
    """The relay's address is the second one: where nothing comes from it, a port's silence has another cause."""
    ports, said = check_tcp(lab, lab.site("second_address_excluded"), secret)
    assert verdicts(ports) == {("inconclusive", "server_fault")} and said.outcome == "not_run"


def test_a_server_that_tcp_cannot_reach_is_unreachable(lab, secret):
    ports, said = check_tcp(lab, lab.site("no_tcp_out"), secret)
    assert verdicts(ports) == {("unreachable", "timeout")}
    assert said.outcome == "partial"


def test_without_credentials_tcp_ports_are_not_tested(lab):
    vantage = lab.vantage()
    said = check(lab.site("static_forward"), vantage.stun, ports=PORTS)
    ports = {port["port"]: port for port in said.whole["ports"] if port["transport"] == "tcp"}
    assert verdicts(ports) == {("not_tested", "no_turn_credentials")}
    assert said.outcome == "supported" and said.summary["unjudged"] == 3


def test_udp_that_is_blocked_is_told_from_a_dead_server(lab, secret):
    vantage = lab.vantage(secret=SECRET)
    blocked = check(lab.site("no_udp_silent"), vantage.stun, ports=PORTS, flags=secret)
    assert blocked.nat["class"] == "udp_blocked" and blocked.outcome == "inconclusive" and blocked.exit_code == 1
    dead = check(lab.site("static_forward"), "203.0.113.77:3478", ports=PORTS, flags=secret)
    assert dead.nat["class"] == "unknown" and dead.outcome == "not_run"


def test_nothing_stays_open_on_the_pbx(lab, secret):
    site = lab.site("static_forward")
    check_tcp(lab, site, secret, "bound")
    assert site.pbx.run("ss", "-Htan", "state", "listening").strip() == ""
