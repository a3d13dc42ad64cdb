"""How fast 2,000 ports are judged: against two other programs on the same router, and against the pace that was asked for."""
import json
import subprocess
import time

from lab import Lab
from lab.check import AGENT

from .table import Table

FIRST, LAST = 9000, 10999
PORTS = f"{FIRST}-{LAST}/udp"
PACED_PPS = 400
PACED_PORTS = "9000-9399/udp"
SERVER = "203.0.113.10"

NATDISCOVERY = f"seq {FIRST} {LAST} | xargs -P64 -I@ turnutils_natdiscovery -f -L 192.168.77.2 -l @ {SERVER}"
# This client uses two neighbouring ports at a time, so neighbours go in separate passes. Its exit code is the NAT's class.
STUN_CLIENT = f"for first in {FIRST} {FIRST + 1}; do seq $first 2 {LAST} | xargs -P64 -I@ sh -c 'stun {SERVER} -p @ || :'; done"


def timed(site, *command):
    """Seconds that a command takes on the PBX, and what it printed."""
    start = time.monotonic()
    done = subprocess.run(site.pbx.enter(*command), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return time.monotonic() - start, done.stdout


def agent(site, ports, pace):
    """Seconds of one check, and its report."""
    seconds, text = timed(site, AGENT, "check", "--stun", SERVER, "--ports", ports, "--pace", str(pace), "--format", "json")
    return seconds, json.loads(text)


def against_peers(title, nat, verdict):
    """All ports behind one kind of NAT, unpaced, by the agent and by the others."""
    table = Table(title, "s", "natsweep-agent check, unpaced")
    with Lab() as lab:
        lab.vantage()
        seconds, said = min((agent(lab.site(nat), PORTS, 0) for _ in range(3)), key=lambda run: run[0])
        right = sum(port["verdict"] == verdict for port in said["ports"])
        table.add("natsweep-agent check, unpaced", seconds, f"{right} of {len(said['ports'])} ports {verdict}")
        table.add("xargs -P64 turnutils_natdiscovery -f", timed(lab.site(nat), "sh", "-c", NATDISCOVERY)[0])
        table.add("xargs -P64 stun", timed(lab.site(nat), "sh", "-c", STUN_CLIENT)[0])
    table.print()


COUNT = "table ip count { counter sent { } chain out { type filter hook prerouting priority raw; iifname lan0 meta l4proto udp counter name sent; } }"


def packets_sent(site):
    """UDP packets that have come from the LAN."""
    said = json.loads(site.router.run("nft", "-j", "list", "counter", "ip", "count", "sent"))
    return next(entry["counter"]["packets"] for entry in said["nftables"] if "counter" in entry)


def against_pace(title, nat):
    """A paced sweep against the least time that its packets need at that pace."""
    with Lab() as lab:
        lab.vantage()
        site = lab.site(nat)
        site.router.run("nft", "-f", "-", input=COUNT)
        seconds, _ = agent(site, PACED_PORTS, PACED_PPS)
        packets = packets_sent(site)
    table = Table(f"{title} ({packets} packets)", "s", "packets / pace")
    table.add("packets / pace", packets / PACED_PPS)
    table.add(f"natsweep-agent check --pace {PACED_PPS}", seconds)
    table.print()


def main():
    """Every table about sweeps."""
    against_peers("2,000 UDP ports, forwarded", "static_forward", "pass")
    against_peers("2,000 UDP ports, closed", "port_restricted", "closed")
    against_pace(f"400 UDP ports, forwarded, at {PACED_PPS} packets/s", "static_forward")
    against_pace(f"400 UDP ports, closed, at {PACED_PPS} packets/s", "port_restricted")
