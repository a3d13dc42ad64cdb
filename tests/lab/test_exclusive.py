"""Mode exclusive: a PBX that runs is stopped, its ports are bound and tested, and it runs again whatever happens."""
import os
import signal
import subprocess

import pytest

from .check import AGENT, check
from .pbx import Pbx
from .process import run, wait_for
from .vantage import FIRST, udp_sockets

PORTS = "5060/udp,9000-9009/udp"
HELD = (5060, 9000)
EXCLUSIVE = ["--mode", "exclusive"]
FOR_LONG = ["--pace", "2"]
MANY_TCP = "10000-10399/tcp"
NOT_ENROLLED = 78


@pytest.fixture
def make_pbx(lab, tmp_path):
    """A site with a PBX; what keyword arguments say is Pbx's, but for the kind of NAT."""

    def make(nat="static_forward", secret=None, **options):
        stun = lab.vantage(secret=secret).stun
        return Pbx(lab.site(nat), stun, tmp_path, FIRST, HELD, **options)

    return make


def exclusive(pbx):
    """Runs the check to its end."""
    return check(pbx.site, pbx.stun, ports=PORTS, flags=[*EXCLUSIVE, "--settings", pbx.settings])


def begin(pbx, *flags):
    """Starts a check that takes long, and returns it once the PBX is stopped."""
    with open(pbx.path("errors"), "w", encoding="utf-8") as errors:
        process = pbx.site.pbx.spawn(AGENT, "check", "--stun", pbx.stun, "--ports", PORTS, *EXCLUSIVE, "--settings",
                                          pbx.settings, *flags, stdout=subprocess.DEVNULL, stderr=errors)
    pbx.wait_stopped()
    return process


def held(pid):
    """The UDP ports that are bound in a process's namespace."""
    return {port for _, port in udp_sockets(pid)}


def warnings(said):
    """The codes of a report's warnings."""
    return {warning["code"] for warning in said.warnings}


def test_every_port_is_bound_and_the_pbx_runs_again(make_pbx):
    pbx = make_pbx()
    said = exclusive(pbx)
    assert said.outcome == "supported", said.whole
    assert said.facts("verdict", "live") == {("pass", False)}
    assert not warnings(said)
    assert pbx.log() == ["start", "stop", "start"] and pbx.runs() and not pbx.recorded()


def test_without_hooks_nothing_is_stopped(make_pbx, tmp_path):
    pbx = make_pbx()
    pbx.settings = pbx.write("empty.conf", "")
    said = exclusive(pbx)
    assert {number for number, port in said.ports.items() if port["verdict"] == "in_use"} == set(HELD)
    assert said.ports[9000]["owner"]["name"] == "hold"
    assert pbx.log() == ["start"]


def test_a_mapping_of_the_stopped_pbx_is_not_taken_for_a_forward(make_pbx):
    pbx = make_pbx("dynamic_full_cone")
    said = exclusive(pbx)
    verdicts = {number: (port["verdict"], port["reason"]) for number, port in said.ports.items()}
    assert {verdicts[number] for number in HELD} == {("inconclusive", "mapping_alive")}, verdicts
    assert {verdict for number, verdict in verdicts.items() if number not in HELD} == {("dynamic", None)}
    assert pbx.runs()


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGSEGV, signal.SIGHUP])
def test_the_pbx_runs_again_however_the_check_ends(make_pbx, how):
    pbx = make_pbx()
    process = begin(pbx, *FOR_LONG)
    process.send_signal(how)
    exit_code = process.wait(30)
    assert exit_code == (3 if how in (signal.SIGTERM, signal.SIGINT) else -how)
    pbx.wait_restored()


def test_a_frozen_check_loses_the_ports_at_the_deadline(make_pbx):
    pbx = make_pbx("port_restricted", settings="max_stopped_s = 10\nstop_timeout_s = 5\n")
    process = begin(pbx, "--ports", "5060/udp,9000/udp")
    wait_for(lambda: held(process.pid) & set(HELD), "the check to hold a port of the PBX's")
    process.send_signal(signal.SIGSTOP)
    assert held(process.pid) & set(HELD) and not pbx.runs()
    pbx.wait_restored()
    assert process.wait(30) == -signal.SIGKILL


def test_the_pbx_runs_while_what_needs_no_port_is_measured(make_pbx):
    pbx = make_pbx()
    process = begin(pbx, "--binding-lifetime")
    pbx.wait_restored()
    assert process.poll() is None, "the binding lifetime takes a minute"
    process.terminate()
    assert process.wait(30) == 3
    assert pbx.log() == ["start", "stop", "start"]


def test_a_pbx_that_comes_up_slowly_finds_its_ports_free(make_pbx):
    pbx = make_pbx(slow_s=1)
    pbx.wait_restored()
    said = exclusive(pbx)
    assert said.outcome == "supported" and said.nat["hairpin"] is False, said.whole
    pbx.wait_restored()


def test_tcp_ports_are_left_before_the_pbx_must_run(make_pbx, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("lab\n", encoding="utf-8")
    secret.chmod(0o600)
    pbx = make_pbx(secret="lab", settings="max_stopped_s = 10\nstop_timeout_s = 5\n")
    said = check(pbx.site, pbx.stun, ports=f"5060/udp,{MANY_TCP}",
                 flags=[*EXCLUSIVE, "--pace", "20", "--settings", pbx.settings, "--turn-secret-file", str(secret)])
    tcp = [(port["verdict"], port["reason"]) for port in said.whole["ports"] if port["transport"] == "tcp"]
    # The router forwards none of them, but nothing has confirmed that when the time is over.
    assert set(tcp) == {("inconclusive", "never_reached"), ("not_tested", "never_reached")}, said.whole
    assert not warnings(said) and pbx.runs()


def test_restore_takes_the_ports_from_a_sweep(make_pbx):
    pbx = make_pbx()
    process = begin(pbx, *FOR_LONG)
    said = pbx.site.pbx.run(AGENT, "restore", "--settings", pbx.settings)
    assert "runs again" in said and pbx.runs() and not pbx.recorded()
    process.terminate()
    process.wait(30)


def kill_keeper(pbx):
    """kill -9 of the process that watches over the PBX; it holds the lock."""
    inode = os.stat(pbx.path("state/lock")).st_ino
    with open("/proc/locks", encoding="ascii") as locks:
        holders = [int(line.split()[4]) for line in locks if line.split()[5].rpartition(":")[2] == str(inode)]
    assert len(holders) == 1
    os.kill(holders[0], signal.SIGKILL)


def test_after_the_loss_of_everybody_restore_starts_the_pbx(make_pbx):
    pbx = make_pbx()
    process = begin(pbx, *FOR_LONG)
    kill_keeper(pbx)
    process.kill()
    process.wait()
    assert pbx.recorded() and not pbx.runs()
    said = pbx.site.pbx.run(AGENT, "restore", "--settings", pbx.settings)
    assert "runs again" in said and pbx.runs() and not pbx.recorded()
    assert "no sweep" in pbx.site.pbx.run(AGENT, "restore", "--settings", pbx.settings)


def test_after_a_power_cut_the_start_of_the_agent_starts_the_pbx(make_pbx, tmp_path):
    pbx = make_pbx()
    process = begin(pbx, *FOR_LONG)
    kill_keeper(pbx)
    process.kill()
    process.wait()
    daemon = pbx.site.pbx.spawn(AGENT, "run", "--settings", pbx.settings, "--state-dir", str(tmp_path / "agent"),
                                stderr=subprocess.DEVNULL)
    assert daemon.wait(30) == NOT_ENROLLED
    pbx.wait_restored()


def test_a_stop_that_fails_ends_the_check_with_the_pbx_as_it_was(make_pbx):
    pbx = make_pbx(before_stop="echo licence server gone >&2; exit 4")
    said = exclusive(pbx)
    assert (said.outcome, said.exit_code) == ("not_run", 2)
    assert warnings(said) == {"pbx_not_stopped"} and "stop hook failed" in said.message
    assert "licence server gone" in said.errors
    assert pbx.runs() and not pbx.recorded()


def test_a_start_that_fails_is_said_aloud_and_tried_again(make_pbx, tmp_path):
    pbx = make_pbx(before_start=f"[ ! -e {tmp_path}/log.stop ] || {{ rm {tmp_path}/log.stop; exit 4; }}",
                   before_stop=f"touch {tmp_path}/log.stop")
    said = exclusive(pbx)
    assert said.outcome == "supported" and warnings(said) == {"pbx_not_started"}
    assert "error pbx" in said.errors and "restore" in said.errors
    pbx.wait_restored()


def test_a_full_disk_stops_nothing(make_pbx, tmp_path):
    pbx = make_pbx()
    state = tmp_path / "state"
    state.mkdir(0o700)
    run("mount", "-t", "tmpfs", "-o", "size=4k,mode=0700", "tmpfs", str(state))
    try:
        (state / "lock").touch(0o600)
        with open(state / "filler", "wb", buffering=0) as filler, pytest.raises(OSError):
            while True:
                filler.write(b"x" * 4096)
        said = exclusive(pbx)
    finally:
        run("umount", str(state))
    assert (said.outcome, said.exit_code) == ("not_run", 2) and warnings(said) == {"pbx_not_stopped"}
    assert pbx.log() == ["start"] and pbx.runs()


def test_settings_that_others_may_write_stop_nothing(make_pbx):
    pbx = make_pbx()
    os.chmod(pbx.settings, 0o666)
    said = exclusive(pbx)
    assert said.outcome == "not_run" and "only root" in said.message and "chmod" in said.errors
    assert pbx.log() == ["start"]


def test_two_checks_do_not_fight_over_the_pbx(make_pbx):
    pbx = make_pbx()
    process = begin(pbx, *FOR_LONG)
    said = exclusive(pbx)
    assert said.outcome == "not_run" and "Another sweep" in said.message
    assert not pbx.runs()
    process.terminate()
    process.wait(30)
    pbx.wait_restored()
    assert pbx.log() == ["start", "stop", "start"]
