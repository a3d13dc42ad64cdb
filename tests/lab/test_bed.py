"""The bed itself: every NAT kind does what its name says, runs do not meet, and nothing is left behind."""
import json
import os
import signal
import subprocess
import sys

import pytest

from . import OPEN_INTERNET, Lab, reap, wait_for
from .owner import NAMESPACES, entries

FOLDER = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.dirname(FOLDER)

# kind, port: reached, preserved, inbound, unsolicited
KINDS = {
    ("static_forward", 9000): (True, True, True, True),
    ("hairpin", 9000): (True, True, True, True),
    ("sip_alg", 9000): (True, True, True, True),
    ("scan_ban", 9000): (True, True, True, True),
    ("partly_forwarded", 9009): (True, True, True, True),
    ("partly_forwarded", 9010): (True, True, False, False),
    ("port_restricted", 9000): (True, True, False, False),
    ("port_restricted_open_input", 9000): (True, True, False, False),
    ("address_restricted", 9000): (True, True, False, False),
    ("dynamic_full_cone", 9000): (True, True, True, False),
    ("random_source", 9000): (True, False, False, True),
    ("symmetric", 9000): (True, False, False, False),
    ("address_dependent_mapping", 9000): (True, False, False, False),
    ("port_translating", 9000): (True, False, False, False),
    ("wrong_host", 9000): (True, True, False, False),
    ("wrong_port", 9000): (True, True, False, False),
    ("wrong_port", 9019): (True, True, False, False),
    ("outbound_prohibited", 5060): (True, True, True, True),
    ("outbound_silent", 9000): (False, None, False, True),
    ("no_udp_silent", 9000): (False, None, False, False),
    ("second_address_blocked", 9000): (True, True, True, True),
    (OPEN_INTERNET, 9000): (True, True, True, True),
}


@pytest.mark.parametrize("kind, port", KINDS)
def test_a_nat_kind_does_what_its_name_says(lab, kind, port):
    lab.vantage()
    site = lab.site(kind)
    facts = json.loads(site.pbx.run(sys.executable, f"{FOLDER}/probe.py", str(port)))
    assert tuple(facts.values()) == KINDS[kind, port]


@pytest.mark.parametrize("kind, error", [("no_udp_prohibited", "No route to host"), ("outbound_prohibited", "No route to host"),
                                         ("outbound_unreachable", "Connection refused")])
def test_a_block_names_itself_by_icmp(lab, kind, error):
    lab.vantage()
    site = lab.site(kind)
    code = "import socket; s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('', 9000)); s.settimeout(5);" \
           "s.connect(('203.0.113.10', 3478)); s.send(b'x'); s.recv(1)"
    with pytest.raises(RuntimeError, match=error):
        site.pbx.run(sys.executable, "-c", code)


def test_a_bad_line_loses_a_fifth_each_way(lab):
    site = lab.site("loss")
    sent = 1000
    said = site.pbx.run("sh", "-c", f"ping -q -n -i 0.001 -c {sent} -W 1 203.0.113.1 || true")
    returned = int(said.split(" packets transmitted, ")[1].split(" received")[0])
    assert 0.64 * sent - 80 < returned < 0.64 * sent + 80


def test_labs_beside_each_other_do_not_meet():
    with Lab() as one, Lab() as other:
        one.vantage()
        one.site("static_forward")
        other.site("static_forward")
        assert other.sites[0].pbx.run("sh", "-c", "ping -q -c 1 -W 1 203.0.113.10 || echo unreachable").endswith("unreachable\n")


def start_and_hold():
    """Another process that makes a lab and waits; returns it and its lab's name."""
    code = "import signal, sys\nfrom lab import Lab\nfrom lab.conftest import interrupt\nsignal.signal(signal.SIGTERM, interrupt)\n" \
           "with Lab() as lab:\n    lab.vantage(); lab.site('static_forward'); print(lab.name, flush=True); signal.pause()\n"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=TESTS, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return process, process.stdout.readline().strip()


def left_of(name):
    """What of a lab is still there."""
    return [entry for folder in (NAMESPACES, "/tmp") for entry in entries(folder) if entry.startswith(name)]


def test_a_terminated_run_leaves_nothing():
    process, name = start_and_hold()
    assert left_of(name)
    process.terminate()
    process.wait(20)
    assert left_of(name) == []


def test_a_killed_run_is_reaped_and_one_that_goes_on_is_not():
    killed, killed_name = start_and_hold()
    going_on, going_on_name = start_and_hold()
    killed.send_signal(signal.SIGKILL)
    killed.wait(20)
    assert set(left_of(killed_name)) <= set(reap())
    assert left_of(killed_name) == [] and left_of(going_on_name)
    going_on.terminate()
    going_on.wait(20)


def test_a_program_dies_with_the_run_that_started_it():
    process, name = start_and_hold()
    pids = subprocess.run(["ip", "netns", "pids", f"{name}-internet"], capture_output=True, text=True, check=True).stdout.split()
    process.kill()
    process.wait(20)
    wait_for(lambda: not any(os.path.exists(f"/proc/{pid}") for pid in pids), "coturn to die with its run")
    reap()
