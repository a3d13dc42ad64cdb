"""Starts the demo, sweeps it, and compares the report with what each site's NAT deserves."""
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
from lab.namespace import DETACHED
from lab.owner import NAMESPACES, delete_namespace, end_servers, entries
from lab.process import wait_for

from .sites import PORTS, SITES, customers

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
        self.fleet = None

    def start(self):
        """Everything up to eight agents that are online."""
        self.lab.open()
        self.stages.begin("a vantage: coturn with two addresses, credentials for every request")
        vantage = self.lab.vantage(secret=secrets.token_hex(16))
        self.stages.begin("a private PostgreSQL with the schema")
        self.fleet = Fleet(self.lab, vantage)
        self.stages.begin("a collector")
        self.fleet.collector()
        for customer in customers():
            self.fleet.natsweep("customer", "add", customer)
        self.stages.begin(f"{len(SITES)} sites, each an agent behind another NAT")
        places = [self.lab.site(site.nat) for site in SITES]
        with ThreadPoolExecutor(len(SITES)) as pool:
            list(pool.map(lambda pair: self.fleet.agent(pair[0], pair[1].name, pair[1].customer), zip(places, SITES)))
        self.fleet.wait_online()

    def sweep(self):
        """One request for the whole fleet, as an operator makes it."""
        self.stages.begin(f"natsweep sweep --all --wait --ports {PORTS}")
        done = subprocess.run([f"{BIN}/natsweep", "sweep", "--all", "--wait", "--ports", PORTS], env=self.fleet.database.environment, check=False)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"natsweep sweep ended with {done.returncode}")
        wait_for(lambda: self.fleet.database.value("select count(*) from natsweep.site_status where outcome is not null") == len(SITES),
                 "every site to have a judgement")

    def report(self):
        """Prints the fleet report and the comparison; returns whether every judgement is right."""
        self.stages.begin("natsweep report")
        print(self.fleet.natsweep("report"), flush=True)
        judged = {row["site"]: row for row in self.fleet.database.sql("select * from natsweep.site_status")}
        counted = self.fleet.database.sql("select site, verdict, count(*) from natsweep.port_current group by 1, 2 order by 1, 2")
        print(f"{'site':<11} {'what its NAT does':<38} {'outcome':<12} {'NAT class':<21} {'forwarding':<11} verdicts")
        return all([self._compare(site, judged[site.name], counted) for site in SITES])

    @staticmethod
    def _compare(site, row, counted):
        verdicts = tuple((line["verdict"], line["count"]) for line in counted if line["site"] == site.name)
        got = (row["outcome"], row["nat_class"], row["forwarding"], verdicts)
        deserved = (site.outcome, site.nat_class, site.forwarding, site.verdicts)
        said = " ".join(f"{count} {verdict}" for verdict, count in verdicts)
        print(f"{site.name:<11} {site.story:<38} {row['outcome'] or '-':<12} {row['nat_class'] or '-':<21} {row['forwarding'] or '-':<11} {said}")
        if got != deserved:
            print(f"{'':<11} WRONG: it deserves {deserved}", file=sys.stderr)
        return got == deserved

    def print_whereabouts(self):
        """Where to look next when the demo stays."""
        settings = os.path.join(FOLDER, "fleet", "pg", "env")
        command = os.path.relpath(os.path.join(TOP, "build", "release", "bin", "natsweep"))
        print(f"""
All is left running. Look around:
  . {settings}
  {command} status
  {command} ports hamburg
  psql -c 'table natsweep.site_status'
  {command} sweep --site bern --wait
Logs: {FOLDER}/fleet/*/log    Machines: ip netns | grep {NAME}
Remove all of it: deploy/quickstart down
""")
