"""Starts the demo and sweeps it."""
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from lab.bed import Lab
from lab.database import TOP
from lab.fleet import BIN, Fleet
from lab.listener import listen
from lab.namespace import DETACHED
from lab.owner import NAMESPACES, delete_namespace, end_servers, entries
from lab.process import wait_for
from lab.sip_calls import Calls

from .dashboard import close_dashboard, open_dashboard
from .judgement import print_heading, print_site
from .sites import PATIENCE_S, PORTS, SITES, customers

CALLS_AT_ONCE = 10
# Tests give theirs another name, so that they leave a demo alone that somebody looks at.
NAME = os.environ.get("NATSWEEP_DEMO", "natsweep-demo")
FOLDER = f"/var/tmp/{NAME}"


class Stages:
    """Progress lines with the time since the start."""

    def __init__(self, since_s=0):
        self.started = time.monotonic() - since_s

    def begin(self, what):
        """A stage begins."""
        print(f"[{int(time.monotonic() - self.started):3d} s] {what}", flush=True)


def lock():
    """Holds the demo's name for as long as this process lives; returns what holds it, or None when another process has it."""
    holder = socket.socket(socket.AF_UNIX)
    try:
        holder.bind(f"\0{NAME}")  # an abstract name: it leaves no file
    except OSError:
        holder.close()
        return None
    return holder


def down():
    """Removes every trace of a demo, running or not."""
    close_dashboard(FOLDER)
    for name in entries(NAMESPACES):
        if name.startswith(f"{NAME}-"):
            delete_namespace(name)
    end_servers(FOLDER)
    shutil.rmtree(FOLDER, ignore_errors=True)


class Demo:
    """The fleet of sites.py."""

    def __init__(self, stages):
        self.stages = stages
        self.lab = Lab(NAME, FOLDER, DETACHED)
        self.fleet = self.calls = self.dashboard = None

    def start(self):
        """Everything up to agents that are online and a PBX that is in calls."""
        self.lab.open()
        self.stages.begin("a vantage: coturn with two addresses, credentials for every request; Kamailio as SIP echo")
        vantage = self.lab.vantage(secret=secrets.token_hex(16))
        echo = self.lab.sip_echo()
        self.stages.begin("a private PostgreSQL with the schema")
        self.fleet = Fleet(self.lab, vantage, "--throwaway")
        self.fleet.natsweep("vantage", "set", "vantage", "--stun", vantage.stun, "--sip-echo", echo.address)
        self.stages.begin("a collector")
        self.fleet.collector()
        for customer in customers():
            self.fleet.natsweep("customer", "add", customer)
        self.stages.begin(f"{len(SITES)} sites, each an agent behind another NAT")
        places = [self.lab.site(site.nat) for site in SITES]
        with ThreadPoolExecutor(len(SITES)) as pool:
            list(pool.map(lambda pair: self.fleet.agent(pair[0], pair[1].name, pair[1].customer), zip(places, SITES)))
        self.fleet.wait_online()
        for place, site in zip(places, SITES):
            self._occupy(place, site)

    def _occupy(self, place, site):
        """Starts the programs that hold ports of a site."""
        if site.neighbour_listens:
            listen(place.neighbour, *site.neighbour_listens)
        if site.calls:
            self.stages.begin(f"{CALLS_AT_ONCE} calls at a time to {site.name}'s PBX, with voice")
            self.calls = Calls(self.lab, place, CALLS_AT_ONCE)

    def sweep(self):
        """One request for the whole fleet, as an operator makes it."""
        command = ["natsweep", "sweep", "--all", "--wait", "--ports", PORTS, "--patience", str(PATIENCE_S)]
        self.stages.begin(" ".join(command))
        done = subprocess.run([f"{BIN}/{command[0]}", *command[1:]], env=self.fleet.database.environment, check=False)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"natsweep sweep ended with {done.returncode}")
        wait_for(lambda: self.fleet.database.value("select count(*) from natsweep.site_judgement") == len(SITES) and
                 self.fleet.database.value("select count(*) from natsweep.judge_due") == 0, "every site to have a judgement")

    def report(self):
        """Prints the fleet report and the comparison; returns whether every judgement is right and no call was hurt."""
        self.stages.begin("natsweep report")
        print(self.fleet.natsweep("report"), flush=True)
        judged = {row["site"]: row for row in self.fleet.database.sql("select * from natsweep.site_status")}
        rows = self.fleet.database.sql("select site, verdict, count(*) from natsweep.port_current group by 1, 2")
        counted = {site.name: {row["verdict"]: row["count"] for row in rows if row["site"] == site.name} for site in SITES}
        self.stages.begin("what each site's NAT deserves, and what was found")
        print_heading()
        right = [print_site(site, judged[site.name], counted[site.name]) for site in SITES]
        return self._calls_unhurt() and all(right)

    def _calls_unhurt(self):
        """Lets the calls end, and says how they fared while their ports were swept."""
        counts = self.calls.caller.finish()
        sent, back = self.calls.voice()
        print(f"\nThe PBX that was swept while it was in calls: {counts['SuccessfulCall']} calls, {counts['FailedCall']} failed; "
              f"{back} of {sent} voice packets echoed\n", flush=True)
        return counts["FailedCall"] == 0

    def open_dashboard(self):
        """For who stays to look around."""
        self.stages.begin("a dashboard, and ninety days of invented history")
        self.dashboard = open_dashboard(self.fleet, FOLDER)

    def print_whereabouts(self):
        """Where to look next when the demo stays."""
        address, user, password = self.dashboard
        settings = os.path.join(FOLDER, "fleet", "pg", "env")
        command = os.path.relpath(os.path.join(TOP, "build", "release", "bin", "natsweep"))
        print(f"""
All is left running. The dashboard: {address}
  user {user}, password {password}
Look around:
  . {settings}
  {command} status
  {command} ports hamburg
  psql -c 'table natsweep.site_status'
  {command} sweep --site bern --wait
Logs: {FOLDER}/fleet/*/log    Machines: ip netns | grep {NAME}
Remove all of it: deploy/quickstart down
""")
