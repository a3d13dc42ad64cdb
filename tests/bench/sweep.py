"""How fast ports are judged: 2,000 of them against two other programs on the same router and against the pace that was asked for, 100
TCP ports, and 60,000 ports at once."""
import json
import os
import subprocess
import time

from lab import Lab
from lab.check import AGENT

from .memory import peak_kb
from .table import Table

FIRST, LAST = 9000, 10999
PORTS = f"{FIRST}-{LAST}/udp"
PACED_PPS = 400
PACED_PORTS = "9000-9399/udp"
SERVER = "203.0.113.10"

# Of closed ports the others get so many, and their time is multiplied: each of these ports waits for the same time-outs.
SAMPLE = 200
GOAL_OPEN_S, GOAL_CLOSED_S = 0.2, 1.0
SECRET = "correct horse battery"
TCP_PORTS, GOAL_TCP_S = "9000-9099/tcp", 0.05
MANY, MANY_PORTS = 60000, "5000-64999/udp"


def natdiscovery(last):
    """All ports to the last by coturn's client, 64 at a time."""
    return f"seq {FIRST} {last} | xargs -P64 -I@ turnutils_natdiscovery -f -L 192.168.77.2 -l @ {SERVER}"


def stun_client(last):
    """The same by another one. It uses two neighbouring ports at a time, so neighbours go in separate passes; its exit code is the
    NAT's class."""
    return f"for first in {FIRST} {FIRST + 1}; do seq $first 2 {last} | xargs -P64 -I@ sh -c 'stun {SERVER} -p @ || :'; done"


def timed(site, *command):
    """Seconds that a command takes on the PBX, and what it printed."""
    start = time.monotonic()
    done = subprocess.run(site.pbx.enter(*command), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return time.monotonic() - start, done.stdout


def agent(site, ports, pace, *flags):
    """Seconds of one check, and its report."""
    seconds, text = timed(site, AGENT, "check", "--stun", SERVER, "--ports", ports, "--pace", str(pace), "--format", "json", *flags)
    return seconds, json.loads(text)


def against_peers(title, nat, verdict, goal_s, ports):
    """All ports behind one kind of NAT, unpaced, by the agent and by the others; the others get the first `ports` of them."""
    table = Table(title, "s", "natsweep-agent check, unpaced")
    share = (LAST - FIRST + 1) / ports
    note = f"measured for {ports} ports, times {share:g}" if share > 1 else ""
    with Lab() as lab:
        lab.vantage()
        seconds, said = min((agent(lab.site(nat), PORTS, 0) for _ in range(3)), key=lambda run: run[0])
        right = sum(port["verdict"] == verdict for port in said["ports"])
        table.add("goal", goal_s)
        table.add("natsweep-agent check, unpaced", seconds, f"{right} of {len(said['ports'])} ports {verdict}; its sweep {said['duration_us'] / 1e6:.3f} s")
        table.add("xargs -P64 turnutils_natdiscovery -f", timed(lab.site(nat), "sh", "-c", natdiscovery(FIRST + ports - 1))[0] * share, note)
        table.add("xargs -P64 stun", timed(lab.site(nat), "sh", "-c", stun_client(FIRST + ports - 1))[0] * share, note)
    table.print()


def tcp():
    """100 forwarded TCP ports: what they add to a check of one UDP port."""
    table = Table("100 TCP ports, forwarded, by RFC 6062", "s", "goal")
    with Lab() as lab:
        lab.vantage(secret=SECRET)
        secret = os.path.join(lab.folder, "secret")
        with open(os.open(secret, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.write(SECRET + "\n")
        site = lab.site("static_forward")
        site.router.run("nft", f"add element ip forward pbx_tcp {{ {TCP_PORTS.partition('/')[0]} }}")
        flags = ("--turn-secret-file", secret)
        alone = min(agent(site, "5060/udp", 0, *flags)[1]["duration_us"] for _ in range(5))
        said = min((agent(site, f"5060/udp,{TCP_PORTS}", 0, *flags)[1] for _ in range(5)), key=lambda one: one["duration_us"])
    right = sum(port["verdict"] == "pass" for port in said["ports"]) - 1
    table.add("goal", GOAL_TCP_S)
    table.add("natsweep-agent check, unpaced", (said["duration_us"] - alone) / 1e6, f"{right} of 100 ports pass")
    table.print()


def many():
    """60,000 ports in one sweep: time and memory by the port."""
    with Lab() as lab:
        lab.vantage()
        site = lab.site("static_forward")
        site.router.run("nft", "add element ip forward pbx_udp { 5000-5059, 5061-5089, 5091-8999, 11000-64999 }")
        # Every port leaves three entries in the router's table.
        site.router.run("sysctl", "-qw", "net.netfilter.nf_conntrack_udp_timeout=2", "net.netfilter.nf_conntrack_udp_timeout_stream=2")
        command = [AGENT, "check", "--stun", SERVER, "--pace", "0", "--format", "json", "--ports"]
        start = time.monotonic()
        said, many_kb = peak_kb(site.pbx, *command, MANY_PORTS)
        seconds = time.monotonic() - start
        _, few_kb = peak_kb(site.pbx, *command, PORTS)
        _, one_kb = peak_kb(site.pbx, *command, "9000/udp")
    report = json.loads(said)
    right = sum(port["verdict"] == "pass" for port in report["ports"])
    table = Table(f"{MANY:,} UDP ports in one check, unpaced: {seconds:.1f} s, {right:,} pass, {report['summary']['unjudged']:,} unjudged", "kB", "peak RSS, 1 port")
    table.add("peak RSS, 1 port", one_kb)
    table.add("peak RSS, 2,000 ports", few_kb)
    table.add(f"peak RSS, {MANY:,} ports", many_kb, f"{(many_kb - one_kb) * 1024 / MANY:.0f} bytes a port")
    table.print()


COUNT = """table ip count {
  counter sent { }
  chain out {
    type filter hook prerouting priority raw
    iifname lan0 meta l4proto udp counter name sent
  }
}
"""


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
    against_peers("2,000 UDP ports, forwarded", "static_forward", "pass", GOAL_OPEN_S, LAST - FIRST + 1)
    against_peers("2,000 UDP ports, closed", "port_restricted", "closed", GOAL_CLOSED_S, SAMPLE)
    against_pace(f"400 UDP ports, forwarded, at {PACED_PPS} packets/s", "static_forward")
    against_pace(f"400 UDP ports, closed, at {PACED_PPS} packets/s", "port_restricted")
    tcp()
    many()
