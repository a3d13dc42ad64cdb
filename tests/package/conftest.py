"""The packages, and a fleet of machines that are made of nothing else: a PBX host, a server and a vantage, each with its own systemd."""
import glob
import json
import os
import re
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from lab import Lab
from lab.conftest import bed  # noqa: F401  pylint: disable=unused-import
from lab.database import TOP
from lab.fleet import COLLECTOR_ADDRESSES
from lab.process import run, wait_for
from lab.vantage import FIRST, SECOND

from .debian import Machine, with_packages

BUILD = os.path.join(TOP, "build", "package")
COLLECTOR = COLLECTOR_ADDRESSES[0]
SITE = "zurich"
NEXT_VERSION = "9.9.9"
BOOTING = ("systemd-sysv", "dbus")


class Packages:
    """The .deb files by the package's name; the next version holds the same and is only called newer."""

    def __init__(self):
        run("cmake", "--preset", "package", cwd=TOP)
        run("cmake", "--build", "--preset", "package", cwd=TOP)
        self.files = self._pack("now")
        self.next = self._pack("next", "-D", f"CPACK_PACKAGE_VERSION={NEXT_VERSION}")

    @staticmethod
    def _pack(name, *flags):
        folder = os.path.join(BUILD, name)
        shutil.rmtree(folder, ignore_errors=True)
        run("cpack", "--config", f"{BUILD}/CPackConfig.cmake", "-B", folder, *flags, cwd=TOP)
        return {os.path.basename(path).partition("_")[0]: path for path in glob.glob(f"{folder}/*.deb")}

    def __getitem__(self, name):
        return self.files[name]



@pytest.fixture(name="packages", scope="session")
def built_packages():
    """Built anew."""
    return Packages()


class Server:
    """PostgreSQL, a collector and the operator's command on one machine."""

    def __init__(self, lab, packages):
        self.machine = Machine(os.path.join(lab.folder, "server"), with_packages("server", *BOOTING, "postgresql"))
        self.machine.install(packages["natsweep-collector"], packages["natsweep-dashboard"])

    def natsweep(self, *arguments, **options):
        """Runs the operator's command as PostgreSQL's superuser; returns what it printed."""
        return self.machine.run("runuser", "-u", "postgres", "--", "env", "PGDATABASE=natsweep", "natsweep", *arguments, **options)

    def sql(self, query):
        """The rows of a query as a list of dicts."""
        text = f"select coalesce(json_agg(answer), '[]') from ({query}) answer"
        return json.loads(self.machine.run("runuser", "-u", "postgres", "--", "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", text, "natsweep"))

    def set_up(self, secret):
        """The steps of the guide for a first site."""
        wait_for(lambda: not self.machine.attempt("runuser", "-u", "postgres", "--", "psql", "-qc", "select").returncode, "PostgreSQL", 30)
        self.machine.run("runuser", "-u", "postgres", "--", "createdb", "natsweep")
        self.natsweep("init")
        self.natsweep("user", "add", "natsweep-collector", "--as", "collector")
        self.machine.run("install", "-o", "natsweep-collector", "-m", "0600", "/dev/stdin", "/var/lib/natsweep-collector/turn-secret",
                         input=secret)
        settings = {"advertise": f"tcp://{COLLECTOR}:4500", "advertise_enroll": f"tcp://{COLLECTOR}:4501", "dsn": "dbname=natsweep",
                    "heartbeat_ms": "1000", "secret_file": "/var/lib/natsweep-collector/turn-secret"}
        for name, value in settings.items():
            set_in_file(self.machine.path("/etc/natsweep/collector.conf"), name, value)
        self.machine.run("systemctl", "start", "natsweep-collector")
        self.machine.wait_active("natsweep-collector")
        wait_for(lambda: self.sql("select from natsweep.collector_endpoint"), "the collector to say where it is", 30)

    def site(self):
        """What is known of the site."""
        rows = self.sql(f"select * from natsweep.site_status where site = '{SITE}'")
        return rows[0] if rows else {}

    def wait_online(self):
        """Until the site's agent is connected."""
        wait_for(lambda: self.site().get("agent_online"), "the agent to be online", 40, 0.2)

    def sweep(self, *flags):
        """A sweep of the site, waited for; returns the exit code."""
        done = self.machine.attempt("runuser", "-u", "postgres", "--", "env", "PGDATABASE=natsweep", "natsweep", "sweep", "--site", SITE, "--wait", *flags)
        assert done.returncode in (0, 1), done.stderr
        return done.returncode


def set_in_file(path, name, value):
    """Gives a setting of a commented settings file a value, as a person with an editor does."""
    with open(path, encoding="utf-8") as file:
        text, count = re.subn(rf"^# {name} =.*$", f"{name} = {value}", file.read(), count=1, flags=re.MULTILINE)
    assert count == 1, f"{path} has no line '# {name} ='"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


class PackagedFleet:
    """The three machines; each made in a thread of its own, as a download and an installation take a while."""

    def __init__(self, lab, packages):
        self.packages = packages
        self.place = lab.site("static_forward")
        for address in (FIRST, SECOND, COLLECTOR):
            lab.server_address(address)
        with_packages("booting", *BOOTING)  # once, before two ask for it
        with ThreadPoolExecutor(3) as pool:
            makers = [pool.submit(self._make_pbx, lab), pool.submit(Server, lab, packages), pool.submit(self._make_vantage, lab)]
            self.pbx, self.server, self.vantage = (maker.result() for maker in makers)
        self.machines = [self.pbx, self.server.machine, self.vantage]

    def _make_pbx(self, lab):
        machine = Machine(os.path.join(lab.folder, "pbx"), with_packages("booting", *BOOTING))
        machine.install(self.packages["natsweep-agent"])
        machine.put(self.packages.next["natsweep-agent"], "root", "next.deb")
        return machine

    def _make_vantage(self, lab):
        machine = Machine(os.path.join(lab.folder, "vantage"), with_packages("booting", *BOOTING))
        machine.install(self.packages["natsweep-vantage"])
        return machine

    def start(self, lab):
        """Boots all, and sets up what an administrator does by hand."""
        self.vantage.boot(lab.internet)
        self.server.machine.boot(lab.internet)
        self.pbx.boot(self.place.pbx)
        for name, address in (("first_address", FIRST), ("second_address", SECOND)):
            set_in_file(self.vantage.path("/etc/natsweep/vantage.conf"), name, address)
        self.vantage.run("systemctl", "restart", "natsweep-turn", "natsweep-sip-echo")
        with open(self.vantage.path("/var/lib/natsweep-vantage/secret"), encoding="ascii") as secret:
            self.server.set_up(secret.read())
        self.server.natsweep("vantage", "set", "lab", "--stun", FIRST, "--sip-echo", FIRST)
        self.server.natsweep("customer", "add", "Lab")

    def off(self):
        """Ends all machines."""
        for machine in self.machines:
            machine.off()


@pytest.fixture(name="fleet", scope="session")
def packaged_fleet(packages):
    """Running, and without a site yet."""
    with Lab() as lab:
        fleet = PackagedFleet(lab, packages)
        try:
            fleet.start(lab)
            yield fleet
        finally:
            fleet.off()


@pytest.fixture(name="enrolled", scope="session")
def enrolled_fleet(fleet):
    """The PBX host has joined by the line that 'natsweep enroll' prints, which also installs the agent: it is purged before."""
    fleet.pbx.run("dpkg", "--purge", "natsweep-agent")
    package = "/root/" + os.path.basename(fleet.packages["natsweep-agent"])
    fleet.server.natsweep("site", "add", SITE, "--customer", "Lab")
    line = fleet.server.natsweep("enroll", "--customer", "Lab", "--site", SITE, "--package", package)
    fleet.said = fleet.pbx.run("sh", "-c", line)
    fleet.server.wait_online()
    return fleet


def quiet(*command):
    """Runs a checker; returns all that it said."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip() or (f"exit {done.returncode}" if done.returncode else "")
