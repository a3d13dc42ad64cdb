"""A PBX that is in calls does not notice that its ports are swept, and its calls make no port's verdict wrong. The PBX is SIPp; calls
are made to it and by it, with voice."""
import pytest

from .check import check
from .process import wait_for
from .sip_calls import CALL_S, HELD, OUTSIDER, Callee, Caller, Calls

AT_ONCE = 20
SWEEPS = 4
PORTS = "5060/udp,9000-9199/udp,5060-5061/tcp,5090/tcp"
SECRET = "correct horse battery"


@pytest.fixture(name="everything")
def flags_for_everything(lab, tmp_path):
    """(STUN server, the flags of a check that leaves nothing out): TCP ports and the SIP ALG too."""
    secret = tmp_path / "secret"
    secret.write_text(SECRET + "\n", encoding="utf-8")
    secret.chmod(0o600)
    return lab.vantage(secret=SECRET).stun, ["--turn-secret-file", str(secret), "--sip-echo", lab.sip_echo().address]


def hurt(calls):
    """What has gone wrong with calls so far, by what counts it; voice packets under way are not lost."""
    callee, caller = calls.pbx.count(), calls.caller.count()
    sent, back = calls.voice()
    return {"failed": caller["FailedCall"], "retransmitted": caller["Retransmissions"] + callee["Retransmissions"],
            "unexpected": caller["FailedUnexpectedMessage"] + caller["OutOfCallMsgs"], "lost": max(sent - back - AT_ONCE, 0)}


def wait_calls(calls, more):
    """Until so many calls more have ended well or badly."""
    def ended():
        counts = calls.caller.count()
        return counts["SuccessfulCall"] + counts["FailedCall"]
    before = ended()
    wait_for(lambda: ended() >= before + more, "calls to end", 30 + CALL_S)


def finish(calls):
    """Lets all calls end; returns (calls made, calls taken, strays, what has gone wrong to the last packet). A stray is a message that
    belongs to no call: the echo answers the SIP ALG test at the PBX's port. A PBX ignores it, SIPp counts it as a call that failed."""
    made, taken = calls.caller.finish(), calls.pbx.finish()
    sent, back = calls.voice()
    return made["TotalCallCreated"], taken["SuccessfulCall"], taken["FailedCall"], hurt(calls) | {"lost": sent - back}


@pytest.mark.parametrize("pace, alg", [("400", True), ("0", False)])
def test_a_pbx_in_calls_does_not_notice_a_sweep(lab, everything, pace, alg):
    stun, flags = everything
    flags = flags if alg else flags[:2]
    site = lab.site("static_forward")
    calls = Calls(lab, site, AT_ONCE)
    wait_calls(calls, AT_ONCE)
    baseline = hurt(calls)
    for _ in range(SWEEPS):
        said = check(site, stun, "live", PORTS, [*flags, "--pace", pace])
        assert (said.outcome, {port["verdict"] for port in said.whole["ports"]}) == ("supported", {"pass"}), said.whole
        assert {port["port"] for port in said.whole["ports"] if port["owner"] and port["owner"]["name"] == "sipp"} == HELD
        assert said.nat["sip_alg"] is None or said.nat["sip_alg"]["detected"] is not True
    wait_calls(calls, AT_ONCE)
    made, taken, strays, harm = finish(calls)
    assert made == taken >= 3 * AT_ONCE
    assert alg or strays == 0
    assert all(harm[what] <= baseline[what] for what in harm), f"{harm} while swept, {baseline} before"


# What may be said of a port whose own program keeps a mapping alive: behind a full cone that looks like a forward.
ALIVE = {"port_restricted": {("closed", None)}, "dynamic_full_cone": {("inconclusive", "mapping_alive"), ("dynamic", None)},
         "random_source": {("translated", None)}, "wrong_host": {("closed", None)}}


@pytest.mark.parametrize("kind", ALIVE)
def test_the_mappings_of_a_pbx_that_calls_make_no_verdict_wrong(lab, everything, kind):
    stun, _ = everything
    site = lab.site(kind)
    lab.server_address(OUTSIDER)
    callee = Callee(lab, lab.internet, OUTSIDER, OUTSIDER)
    caller = Caller(lab, site.pbx, site.local_address, OUTSIDER, 5, "-p", "5060", "-mp", "9000")
    said = check(site, stun, "live", "5060/udp,9000-9049/udp", everything[1])
    counts = caller.finish()
    assert said.facts("verdict", "reason") <= ALIVE[kind], said.whole
    assert (counts["FailedCall"], counts["Retransmissions"], callee.finish()["FailedCall"]) == (0, 0, 0)
