"""A PBX of the lab: a program that holds ports, with the hooks and the settings file by which the agent stops and starts it."""
import os

from .process import wait_for

HOLD = """#!/usr/bin/python3
import os, signal, socket, sys, time
record, peer, slow_s = sys.argv[1:4]
def bind(port):
    held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    held.bind(("", port))
    return held
ports = list(map(int, sys.argv[4:]))
bound_at = time.monotonic() + float(slow_s)
open(record + ".begun", "w").close()
while time.monotonic() < bound_at:
    for port in ports:
        bind(port).close()
sockets = [bind(port) for port in ports]
for held in sockets:
    held.sendto(b"hello", (peer, 9))
with open(record + ".new", "w") as out:
    out.write(str(os.getpid()))
os.rename(record + ".new", record)
signal.pause()
"""
STOP = """#!/bin/sh
set -e
echo stop >> {folder}/log
{before_stop}
kill $(cat {folder}/pid)
while grep -qE ':({held}) 0' /proc/net/udp; do sleep 0.01; done
rm {folder}/pid {folder}/pid.begun
"""
START = """#!/bin/sh
set -e
echo start >> {folder}/log
{before_start}
[ -e {folder}/pid ] || setsid {folder}/hold {folder}/pid {peer} {slow_s} {ports} > /dev/null 2>&1 &
until [ -e {folder}/{sign} ]; do sleep 0.01; done
"""
SETTINGS = """[pbx]
stop_command = {folder}/stop
start_command = {folder}/start
state_folder = {folder}/state
"""


class Pbx:
    """Runs at `site` from its making on; its `ports` are held, and each has sent a packet to `peer`. `stun` is for the checks of it.
    A slow one binds its ports only `slow_s` after its start hook has ended, and gives up if anybody holds one of them until then."""

    def __init__(self, site, stun, folder, peer, ports, before_stop="", before_start="", settings="", slow_s=0):
        self.site, self.stun = site, stun
        self.folder, self.ports = str(folder), set(ports)
        values = {"folder": folder, "peer": peer, "ports": " ".join(map(str, ports)), "before_stop": before_stop,
                  "held": "|".join(f"{port:04X}" for port in ports),  # as the kernel writes them
                  "before_start": before_start, "slow_s": slow_s, "sign": "pid.begun" if slow_s else "pid"}
        self.write("hold", HOLD)
        self.write("stop", STOP.format(**values))
        self.write("start", START.format(**values))
        self.settings = self.write("agent.conf", SETTINGS.format(**values) + settings)
        site.pbx.run(self.path("start"))

    def path(self, name):
        """A file of this PBX."""
        return os.path.join(self.folder, name)

    def write(self, name, text):
        """Makes a file that may be run; returns its path."""
        with open(self.path(name), "w", encoding="utf-8") as out:
            out.write(text)
        os.chmod(self.path(name), 0o755)
        return self.path(name)

    def runs(self):
        """Whether it holds its ports."""
        try:
            with open(self.path("pid"), encoding="ascii") as record:
                pid = int(record.read())
            with open(f"/proc/{pid}/net/udp", encoding="ascii") as table:
                return self.ports <= {int(line.split()[1].rpartition(":")[2], 16) for line in table.readlines()[1:]}
        except FileNotFoundError:
            return False

    def log(self):
        """The hooks that were run, in their order."""
        with open(self.path("log"), encoding="ascii") as log:
            return log.read().split()

    def recorded(self):
        """Whether the agent remembers that it is stopped."""
        return os.path.exists(self.path("state/stopped"))

    def wait_stopped(self):
        """Until the agent has stopped it."""
        wait_for(lambda: not os.path.exists(self.path("pid")), "the PBX to be stopped")

    def wait_restored(self):
        """Until it runs and the agent has nothing more to do about it."""
        wait_for(lambda: self.runs() and not self.recorded(), "the PBX to run again", 30)
