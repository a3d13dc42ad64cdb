"""What `natsweep-agent check` says behind every kind of NAT, in both ways of getting at a port."""
import time
from dataclasses import dataclass, field

import pytest

from . import OPEN_INTERNET
from .check import EXIT, MODES, check
from .process import wait_for

ALL_PORTS = frozenset([5060, *range(9000, 9020)])
RTP = frozenset(range(9000, 9020))

INDEPENDENT, BY_ADDRESS, BY_PORT = "endpoint_independent", "address_dependent", "address_and_port_dependent"


@dataclass(frozen=True)
class Port:
    """What a port must be said to be; the facts in CONTRACT's order."""

    verdict: str
    reached: bool | None = True
    preserved: bool | None = True
    inbound: bool | None = True
    unsolicited: bool | None = True
    reason: str | None = None

    def matches(self, said):
        """Whether the check said just this."""
        return all(said[name] == getattr(self, name) for name in self.__dataclass_fields__)


PASS = Port("pass")
CLOSED = Port("closed", inbound=False, unsolicited=False)
TRANSLATED = Port("translated", preserved=False, inbound=False, unsolicited=False)


@dataclass(frozen=True)
class Expected:
    """The whole judgement of a site."""

    outcome: str
    nat_class: str
    mapping: str
    filtering: str
    port: Port = PASS
    but: dict = field(default_factory=dict)  # ports that differ: {ports: Port}
    port_preservation: bool | None = True

    def of(self, number):
        """What port `number` must be said to be."""
        return next((port for ports, port in self.but.items() if number in ports), self.port)


def cone(outcome, port=PASS, but=None):
    """The usual router, whatever it forwards."""
    return Expected(outcome, "port_restricted_cone", INDEPENDENT, BY_PORT, port, but or {})


def blocked(reason):
    """RTP ports that may not go out although they are forwarded."""
    return Port("unreachable", reached=False, preserved=None, inbound=None, unsolicited=True, reason=reason)


KINDS = {
    "static_forward": cone("supported"),
    "hairpin": cone("supported"),
    "sip_alg": cone("supported"),
    "rewritten_source": cone("not_run", Port("inconclusive", inbound=None, unsolicited=None, reason="mapping_alive")),
    "port_restricted": cone("unsupported", CLOSED),
    "port_restricted_open_input": cone("unsupported", CLOSED),
    "wrong_host": cone("unsupported", CLOSED),
    "wrong_port": cone("unsupported", CLOSED),
    "partly_forwarded": cone("partial", but={frozenset(range(9010, 9020)): CLOSED}),
    "outbound_prohibited": cone("partial", but={RTP: blocked("admin_prohibited")}),
    "outbound_unreachable": cone("partial", but={RTP: blocked("port_unreachable")}),
    "outbound_silent": cone("partial", but={RTP: blocked("timeout")}),
    "address_restricted": Expected("unsupported", "restricted_cone", INDEPENDENT, BY_ADDRESS, CLOSED),
    "dynamic_full_cone": Expected("unsupported", "full_cone", INDEPENDENT, INDEPENDENT, Port("dynamic", unsolicited=False)),
    "random_source": Expected("unsupported", "symmetric", BY_PORT, BY_PORT, Port("translated", preserved=False, inbound=False),
                              port_preservation=False),
    "symmetric": Expected("unsupported", "symmetric", BY_PORT, BY_PORT, TRANSLATED, port_preservation=False),
    "address_dependent_mapping": Expected("unsupported", "symmetric", BY_ADDRESS, BY_PORT, TRANSLATED, port_preservation=False),
    "port_translating": Expected("unsupported", "port_restricted_cone", INDEPENDENT, BY_PORT, TRANSLATED, port_preservation=False),
    OPEN_INTERNET: Expected("supported", "open_internet", "none", INDEPENDENT),
}


def assert_judged(said, expected):
    """The whole judgement is the expected one."""
    assert said.outcome == expected.outcome, said.whole
    assert said.exit_code == EXIT[expected.outcome]
    nat = said.nat
    assert (nat["class"], nat["mapping"], nat["filtering"]) == (expected.nat_class, expected.mapping, expected.filtering)
    assert nat["port_preservation"] is expected.port_preservation
    assert set(said.ports) == ALL_PORTS
    wrong = {number: port for number, port in said.ports.items() if not expected.of(number).matches(port)}
    assert wrong == {}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_site_gets_the_judgement_its_nat_deserves(lab, kind, mode):
    vantage = lab.vantage()
    site = lab.site(kind)
    said = check(site, vantage.stun, mode)
    assert_judged(said, KINDS[kind])
    assert said.facts("live") == {(mode == "live",)}
    assert said.public_address == site.public_address
    assert said.local_address == site.local_address


@pytest.mark.parametrize("mode", MODES)
def test_a_lost_packet_is_never_taken_for_a_closed_port(lab, mode):
    vantage = lab.vantage()
    said = check(lab.site("loss"), vantage.stun, mode)
    assert said.facts("verdict", "reason") <= {("pass", None), ("inconclusive", "loss")}
    assert said.summary.get("pass", 0) >= len(ALL_PORTS) // 2
    assert said.outcome in ("supported", "inconclusive")


@pytest.mark.parametrize("mode", MODES)
def test_a_closed_port_is_closed_on_a_bad_line_too(lab, mode):
    vantage = lab.vantage()
    said = check(lab.site("loss_no_forward"), vantage.stun, mode)
    assert said.facts("verdict", "reason") <= {("closed", None), ("inconclusive", "loss")}
    assert said.outcome in ("unsupported", "inconclusive", "not_run")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["no_udp_prohibited", "no_udp_silent"])
def test_a_site_that_lets_no_udp_out_is_not_judged_closed(lab, kind, mode):
    vantage = lab.vantage()
    said = check(lab.site(kind), vantage.stun, mode)
    assert (said.outcome, said.exit_code) == ("not_run", 2)
    assert not {"pass", "closed"} & said.summary.keys()
    assert vantage.stun.split(":", maxsplit=1)[0] in said.message


@pytest.mark.parametrize("mode", MODES)
def test_a_site_that_may_not_send_to_the_second_address_passes_all_the_same(lab, mode):
    vantage = lab.vantage()
    said = check(lab.site("second_address_blocked"), vantage.stun, mode)
    assert said.outcome == "supported" and said.facts("verdict", "inbound", "unsolicited") == {("pass", True, True)}


@pytest.mark.parametrize("mode", MODES)
def test_credentials_open_a_server_that_asks_for_them(lab, tmp_path, mode):
    vantage = lab.vantage(secret="correct horse battery")
    secret = tmp_path / "secret"
    secret.write_text("correct horse battery\n", encoding="utf-8")
    secret.chmod(0o600)
    said = check(lab.site("partly_forwarded"), vantage.stun, mode, flags=["--turn-secret-file", str(secret)])
    assert_judged(said, KINDS["partly_forwarded"])


def test_a_second_check_at_once_gets_the_same_judgement(lab, tmp_path):
    """coturn remembers for a minute which user name a port used, and refuses another (441)."""
    vantage = lab.vantage(secret="correct horse battery")
    secret = tmp_path / "secret"
    secret.write_text("correct horse battery\n", encoding="utf-8")
    secret.chmod(0o600)
    site = lab.site("partly_forwarded")
    for _ in range(2):
        assert_judged(check(site, vantage.stun, flags=["--turn-secret-file", str(secret)]), KINDS["partly_forwarded"])
        second = int(time.time())
        wait_for(lambda then=second: int(time.time()) > then, "a clock from which another name would be minted")


def test_wrong_credentials_are_the_server_s_refusal_and_no_port_s_failure(lab, tmp_path):
    vantage = lab.vantage(secret="correct horse battery")
    secret = tmp_path / "secret"
    secret.write_text("wrong\n", encoding="utf-8")
    secret.chmod(0o600)
    said = check(lab.site("static_forward"), vantage.stun, flags=["--turn-secret-file", str(secret)])
    assert (said.outcome, said.exit_code) == ("not_run", 2)


def test_a_port_that_a_program_holds_is_tested_without_disturbing_it(lab):
    vantage = lab.vantage()
    site = lab.site("static_forward")
    holder = site.pbx.spawn("python3", "-c", HOLD_9000)
    try:
        site.pbx.run("sh", "-c", "until ss -lun | grep -q :9000; do :; done")
        live = check(site, vantage.stun, "live")
        bound = check(site, vantage.stun, "bound")
    finally:
        holder.kill()
        holder.wait()
    assert live.ports[9000]["verdict"] == "pass" and live.outcome == "supported"
    assert live.ports[9000]["owner"] == {"pid": holder.pid, "name": "python3"} and live.ports[9000]["live"]
    assert bound.ports[9000]["verdict"] == "in_use"
    assert bound.ports[9000]["owner"] == {"pid": holder.pid, "name": "python3"}


HOLD_9000 = "import signal, socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('', 9000)); signal.pause()"


def test_live_without_raw_sockets_is_an_error_that_says_so(lab):
    site = lab.site("static_forward")
    said = check(site, "203.0.113.10", "bound", flags=["--mode", "live"])
    assert 64 <= said.exit_code < 128 and "CAP_NET_RAW" in said.errors and not said.whole


@pytest.mark.parametrize("mode", MODES)
def test_ports_that_probes_left_from_do_not_pass(lab, mode):
    """What a probe sends to the second address opens the NAT's filter, for minutes and for whoever tests that port next."""
    vantage = lab.vantage()
    site = lab.site("port_restricted")
    site.pbx.run("sysctl", "-qw", "net.ipv4.ip_local_port_range=40000 40020")
    check(site, vantage.stun, mode, ports="5060/udp")
    said = check(site, vantage.stun, mode, ports="40000-40020/udp")
    assert said.facts("verdict", "reason") == {("closed", None), ("inconclusive", "mapping_alive")}
