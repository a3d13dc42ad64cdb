"""Real calls through a lab: SIPp as the PBX that takes them, SIPp on the internet that makes them, and the packets counted between."""
import csv
import json
import os
import signal
import subprocess

from .process import wait_for
from .vantage import udp_sockets

SCENARIOS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "sip")
OUTSIDER = "203.0.113.14"
SIP_PORT, MEDIA_PORT = 5060, 9000
# SIPp echoes voice at its media port and, for video, two ports above.
HELD = {SIP_PORT, MEDIA_PORT, MEDIA_PORT + 2}
CALL_S = 2
ECHO_MS = 500  # from the last word to the hanging up, so that its echo is heard
PACKET_BYTES, PACKET_S = 160, 0.02  # G.711
COUNTERS = """table ip voice {{
  counter sent {{ }}
  counter back {{ }}
  chain out {{
    type filter hook output priority raw
    ip saddr {caller} udp dport {port} counter name sent
  }}
  chain in {{
    type filter hook input priority raw
    ip daddr {caller} udp sport {port} counter name back
  }}
}}
"""


class Sipp:
    """SIPp in the background of a machine, as callee or caller; its files lie in the lab's folder."""

    def __init__(self, lab, machine, role, *command):
        self.statistics = os.path.join(lab.folder, f"{role}.csv")
        with open(os.path.join(lab.folder, f"{role}.log"), "w", encoding="utf-8") as output:
            self.process = machine.spawn("sipp", "-sf", f"{SCENARIOS}/{role}.xml", "-nostdin", "-trace_stat", "-stf", self.statistics, "-fd", "1",
                                         *command, stdout=output, stderr=subprocess.STDOUT, cwd=lab.folder, env=dict(os.environ) | {"TERM": "dumb"})

    def count(self):
        """SIPp's newest count of each thing that it counts."""
        if not os.path.exists(self.statistics):
            return {}
        with open(self.statistics, encoding="ascii") as file:
            rows = [row for row in csv.DictReader(file, delimiter=";") if None not in row.values()]
        return {name.removesuffix("(C)"): int(value) for name, value in rows[-1].items() if value.isdigit()} if rows else {}

    def finish(self):
        """Ends it when the calls under way have come to their end; returns the counts."""
        self.process.send_signal(signal.SIGUSR1)
        self.process.wait(30)
        return self.count()


class Callee(Sipp):
    """Holds the ports of HELD on a machine at `address`, which others reach as `public`; takes every call and echoes its voice."""

    def __init__(self, lab, machine, address, public):
        super().__init__(lab, machine, "callee", "-i", address, "-p", str(SIP_PORT), "-mp", str(MEDIA_PORT), "-rtp_echo", "-key", "public", public)
        wait_for(lambda: {port for _, port in udp_sockets(self.process.pid)} >= HELD, "SIPp to hold its ports")


class Caller(Sipp):
    """Calls from a machine to a callee at `target`, so many at a time, until finish()."""

    def __init__(self, lab, machine, address, target, at_once, *flags):
        with open(os.path.join(lab.folder, "voice.pcmu"), "wb") as out:
            out.write(bytes(PACKET_BYTES) * int(CALL_S / PACKET_S))
        super().__init__(lab, machine, "caller", "-i", address, "-users", str(at_once), "-d", str(CALL_S * 1000 + ECHO_MS), *flags, f"{target}:{SIP_PORT}")
        wait_for(lambda: self.count().get("CurrentCall") == at_once, "the calls to be under way")


class Calls:
    """So many calls at a time from the internet to a PBX at `site`, which holds the ports of HELD."""

    def __init__(self, lab, site, at_once):
        lab.server_address(OUTSIDER)
        lab.internet.run("nft", "-f", "-", input=COUNTERS.format(caller=OUTSIDER, port=MEDIA_PORT))
        self.internet = lab.internet
        self.pbx = Callee(lab, site.pbx, site.local_address, site.public_address)
        self.caller = Caller(lab, lab.internet, OUTSIDER, site.public_address, at_once)

    def voice(self):
        """Voice packets (sent, come back)."""
        said = json.loads(self.internet.run("nft", "-j", "list", "counters", "table", "ip", "voice"))
        packets = {entry["counter"]["name"]: entry["counter"]["packets"] for entry in said["nftables"] if "counter" in entry}
        return packets["sent"], packets["back"]
