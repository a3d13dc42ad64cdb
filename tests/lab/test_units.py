"""Mode exclusive as the package installs it, short of systemd as the first process: an agent that is not root reaches root's keeper by
the lines of its units, through a socket that systemd's own tool activates."""
import os
import shlex
import signal
import subprocess

import pytest

from .check import AGENT
from .database import TOP
from .pbx import Pbx
from .process import wait_for
from .vantage import FIRST

UNIT = os.path.join(TOP, "deploy", "systemd", "natsweep-pbx@.service")
PORTS = "5060/udp,9000-9009/udp"
UNPRIVILEGED = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]


def line_of_unit(name, settings):
    """A command of the unit, as this lab's agent with these settings."""
    with open(UNIT, encoding="utf-8") as unit:
        (command,) = [line.partition("=")[2].strip() for line in unit if line.startswith(f"{name}=")]
    program, *arguments = shlex.split(command)
    assert program == "/usr/bin/natsweep-agent"
    return shlex.join([AGENT, *arguments, "--settings", settings])


class Keeper:
    """Root's side as the units have it: a keeper for each connection, and what follows it however it ends."""

    def __init__(self, lab, make):
        self.folder = os.path.join(lab.folder, "pbx")
        os.mkdir(self.folder, 0o755)
        self.socket = os.path.join(self.folder, "socket")
        site = lab.site("static_forward")
        self.pbx = make(site, lab.vantage().stun, self.folder, FIRST, (5060, 9000), settings=f"socket = {self.socket}\n[policy]\nallow_exclusive = yes\n")
        keep, after = (line_of_unit(name, self.pbx.settings) for name in ("ExecStart", "ExecStopPost"))
        script = self.pbx.write("serve", f"#!/bin/sh\n{keep} > /dev/null\n{after} < /dev/null > /dev/null\n")
        site.pbx.spawn("systemd-socket-activate", "--accept", "--inetd", "-l", self.socket, script, stderr=subprocess.DEVNULL)
        wait_for(lambda: os.path.exists(self.socket), "the socket")
        os.chmod(self.socket, 0o666)

    def check(self, *flags):
        """A check by an agent that is not root, begun."""
        command = [*UNPRIVILEGED, AGENT, "check", "--stun", self.pbx.stun, "--ports", PORTS, "--mode", "exclusive", "--settings", self.pbx.settings]
        return self.pbx.site.pbx.spawn(*command, *flags, stdout=subprocess.PIPE, text=True)


@pytest.fixture(name="keeper")
def root_s_side(lab):
    """A PBX with its keeper behind a socket."""
    return Keeper(lab, Pbx)


def test_an_agent_without_root_stops_and_starts_the_pbx(keeper):
    process = keeper.check("--format", "json")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert '"live": false' in said and "in_use" not in said
    assert keeper.pbx.log() == ["start", "stop", "start"] and keeper.pbx.runs() and not keeper.pbx.recorded()


def test_a_keeper_that_is_killed_is_followed_by_the_start_of_the_pbx(keeper):
    process = keeper.check("--pace", "2")
    keeper.pbx.wait_stopped()
    (pid,) = keeper.pbx.site.pbx.run("pgrep", "-f", "pbx-keeper --settings", "-u", "root", "--ns", str(process.pid), "--nslist", "net").split()
    os.kill(int(pid), signal.SIGKILL)
    keeper.pbx.wait_restored()
    process.kill()
    process.wait()


def test_an_agent_that_is_killed_leaves_the_pbx_running(keeper):
    process = keeper.check("--pace", "2")
    keeper.pbx.wait_stopped()
    process.kill()
    process.wait()
    keeper.pbx.wait_restored()


def test_settings_that_forbid_it_stop_nothing(keeper):
    text = open(keeper.pbx.settings, encoding="utf-8").read().replace("allow_exclusive = yes", "allow_exclusive = no")
    keeper.pbx.write("agent.conf", text)
    said, _ = keeper.check().communicate(timeout=60)
    assert said.startswith("not_run") and keeper.pbx.log() == ["start"] and keeper.pbx.runs()
