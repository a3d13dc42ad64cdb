"""The whole line in a lab: PostgreSQL, collectors, agents, each the real program."""
import contextlib
import glob
import json
import os
import re
import secrets
import signal
import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor

from .database import BIN, Database
from .process import run, tail, wait_for

COLLECTOR_ADDRESSES = ("203.0.113.12", "203.0.113.13")
PORT, ENROLL_PORT = 4500, 4501
# How long a program may take to come up on a busy machine.
READY_S = 30
# Steps that are the same for many hosts are taken by so many threads.
THREADS = 8


def write_file(path, text, mode=0o600):
    """A file that others cannot read."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
        file.write(text)
    return path


class Daemon:
    """A program that runs until it is stopped or killed, and can be started again."""

    def __init__(self, machine, folder, command, environment):
        self.machine, self.folder = machine, folder
        self.command, self.environment = command, environment
        self.log = os.path.join(folder, "log")
        self.process = None

    def start(self):
        """Starts it; its log goes on."""
        with open(self.log, "a", encoding="utf-8") as output:
            self.process = self.machine.spawn(*self.command, env=self.environment, stdout=output, stderr=subprocess.STDOUT)

    @property
    def pid(self):
        """Its process id: nsenter and setpriv replace themselves by the program."""
        return self.process.pid

    def running(self):
        """Whether it still runs."""
        return self.process is not None and self.process.poll() is None

    def end(self, how, timeout_s=20):
        """Sends a signal and waits for its end; returns the exit code."""
        self.process.send_signal(how)
        return self.process.wait(timeout_s)

    def kill(self):
        """kill -9."""
        return self.end(signal.SIGKILL)

    def stop(self):
        """SIGTERM: an orderly end."""
        return self.end(signal.SIGTERM)


class Collector(Daemon):
    """natsweep-collector in the lab's internet."""

    def __init__(self, fleet, number):
        self.name = f"collector{number + 1}"
        self.address = COLLECTOR_ADDRESSES[number]
        folder = os.path.join(fleet.folder, self.name)
        os.mkdir(folder, 0o700)
        password = secrets.token_hex(16)
        fleet.natsweep("user", "add", self.name, "--as", "collector", "--password-file", "-", input=password + "\n")
        settings = write_file(os.path.join(folder, "collector.conf"), self.settings(fleet, folder, password))
        super().__init__(fleet.lab.internet, folder, [f"{BIN}/natsweep-collector", "--settings", settings], None)
        fleet.lab.server_address(self.address)

    def settings(self, fleet, folder, password):
        """Its settings file."""
        where = fleet.database.environment
        dsn = f"host={where['PGHOST']} port={where['PGPORT']} dbname={where['PGDATABASE']} user={self.name} password={password}"
        secret = write_file(os.path.join(folder, "turn-secret"), fleet.turn_secret + "\n")
        return f"""[collector]
name = {self.name}
key_file = {folder}/collector.key
listen = tcp://{self.address}:{PORT}
listen_enroll = tcp://{self.address}:{ENROLL_PORT}
[database]
dsn = {dsn}
[agents]
heartbeat_ms = 1000
[turn]
secret_file = {secret}
"""


class Agent(Daemon):
    """natsweep-agent run on a site's PBX."""

    def __init__(self, fleet, site, name):
        self.site, self.name = site, name
        folder = os.path.join(fleet.folder, f"agent-{name}")
        os.mkdir(folder, 0o700)
        self.settings = write_file(os.path.join(folder, "agent.conf"), self.settings_text(folder))
        super().__init__(site.pbx, folder, [f"{BIN}/natsweep-agent", "run", "--settings", self.settings], None)

    @staticmethod
    def settings_text(folder):
        """Its settings file: back at once, as a lab's patience is short."""
        return f"[agent]\nstate_folder = {folder}/state\n[collector]\nretry_ms = 100\nretry_max_ms = 1000\n"

    def enroll(self, token):
        """Joins the fleet with a one-time token."""
        return self.subcommand("enroll", "--token", "-", input=token + "\n")

    def subcommand(self, name, *flags, **options):
        """Runs another subcommand of the agent on its host; returns what it printed."""
        return self.machine.run(f"{BIN}/natsweep-agent", name, "--settings", self.settings, *flags, **options)

    def status(self):
        """What the daemon says about itself."""
        return json.loads(self.subcommand("status", "--format", "json"))

    def started_sweeps(self):
        """The numbers of the sweeps that it says to have started, one for each time."""
        with open(self.log, encoding="utf-8") as log:
            return [int(number) for number in re.findall(r"sweep (\d+): started", log.read())]

    def interrupted_sweeps(self):
        """The numbers of the sweeps that it found half done in its journal, as it says. It may have died between the entry and the start."""
        with open(self.log, encoding="utf-8") as log:
            return {int(number) for number in re.findall(r"sweep (\d+): interrupted", log.read())}

    def journal(self):
        """The sweeps in its journal, with their states: 1 begun, 2 ended."""
        with contextlib.closing(sqlite3.connect(f"{self.folder}/state/agent.db")) as database:
            return dict(database.execute("select sweep_id, state from journal"))

    def lose_disk(self):
        """The host dies, and comes back with the agent's key and without its journal and spool."""
        self.kill()
        for path in glob.glob(f"{self.folder}/state/agent.db*"):
            os.remove(path)
        self.start()

    def site_name(self):
        """What the collectors call its site, as its enrolment says."""
        with open(f"{self.folder}/state/enrolment.conf", encoding="utf-8") as file:
            return re.search(r"^site = (.*)$", file.read(), re.MULTILINE)[1]

    def wait_spooled(self):
        """Until its sweep is over and the report is on its disk."""
        def spooled():
            status = self.status()
            return status["running_sweep"] == 0 and status["spool_batches"] > 0
        wait_for(spooled, f"the agent of {self.name} to have a report in its spool", 60)


class Fleet:
    """Everything of one fleet; programs are started by name, rows are read by SQL."""

    def __init__(self, lab, vantage, *database_flags, template=None):
        self.lab = lab
        self.folder = os.path.join(lab.folder, "fleet")
        os.mkdir(self.folder, 0o755)
        self.vantage = vantage
        self.turn_secret = vantage.secret or secrets.token_hex(16)
        self.database = Database(os.path.join(self.folder, "pg"), *database_flags, template=template)
        self.natsweep = self.database.natsweep
        self.collectors, self.agents = [], []
        self.natsweep("vantage", "set", "vantage", "--stun", vantage.stun)

    def collector(self):
        """One more collector, running and ready to enrol agents."""
        collector = Collector(self, len(self.collectors))
        self.collectors.append(collector)
        collector.start()
        self.wait_published(collector)
        return collector

    def wait_published(self, collector):
        """Until the database knows where a collector can be reached."""
        query = f"select count(*) from natsweep.collector_endpoint join natsweep.collector using (collector_id) where name = '{collector.name}'"
        wait_for(lambda: self.alive(collector) and self.database.value(query) == 1, f"{collector.name} to publish its endpoints", READY_S)

    @staticmethod
    def alive(daemon):
        """True, or an error with the end of the log when the daemon ended by itself."""
        if not daemon.running():
            raise RuntimeError(f"{daemon.command[0]} ended with {daemon.process.returncode}:\n{tail(daemon.log)}")
        return True

    def agent(self, site, name, customer="Lab"):
        """A new site with an enrolled agent that runs."""
        self.natsweep("site", "add", name, "--customer", customer)
        said = json.loads(self.natsweep("enroll", "--customer", customer, "--site", name, "--format", "json"))
        agent = Agent(self, site, name)
        agent.enroll(said["token"])
        agent.start()
        self.agents.append(agent)
        return agent

    def crowd(self, sites, customer="Lab"):
        """An enrolled, running agent at each of many sites: one token for all, each makes a site of its host's name. A lab's hosts
        share one name, so the sites are called by numbers."""
        said = json.loads(self.natsweep("enroll", "--customer", customer, "--uses", str(len(sites)), "--format", "json"))
        agents = [Agent(self, site, f"crowd{number}") for number, site in enumerate(sites)]
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda agent: agent.enroll(said["token"]), agents))
        for agent in agents:
            agent.start()
            agent.name = agent.site_name()
        self.agents += agents
        return agents

    def number_of(self, agent):
        """An agent's number in the database."""
        return self.database.value(f"select agent_id from natsweep.agent_status where site = '{agent.name}'")

    def online(self):
        """The names of the sites whose agent is connected."""
        return {row["site"] for row in self.database.sql("select site from natsweep.site_status where agent_online")}

    def wait_online(self, *agents):
        """Until the agents are connected."""
        names = {agent.name for agent in agents or self.agents}
        try:
            wait_for(lambda: all(map(self.alive, agents)) and names <= self.online(), f"{sorted(names)} to be online", READY_S)
        except TimeoutError as error:
            logs = [f"{daemon.log}:\n{tail(daemon.log)}" for daemon in [*self.collectors, *self.agents]]
            raise TimeoutError("\n".join([f"{error}, and only {sorted(self.online())} are", *logs])) from None

    def close(self):
        """Ends what does not end with the lab's namespaces."""
        self.database.destroy()
