"""What a fleet costs its collector while nothing happens, and how soon all are back and served after a restart: against the least
that serves agents, a bare ROUTER."""
import os
import pathlib
import signal
import subprocess
import tempfile
import time

from db.collector import Collector, free_port
from db.crowd import Crowd

from .store import Server, FLEET
from .table import Table

BIN = os.environ["NATSWEEP_BIN"]
AGENTS = 10000
PORTS = "5060/udp,9000-10999/udp"
HEARTBEAT_MS = 15000  # the collector's default
IDLE_S = 30  # two heartbeats of each
PATIENCE_S = 300
# Of a collector with 10,000 agents.
GOALS = {"memory": 40, "back": 15, "back_cpu": 8, "commands": 2, "stored": 10}
TICK_S = 1 / os.sysconf("SC_CLK_TCK")

ENROL = """
insert into natsweep.agent (site_id, public_key, state, token_id, hostname)
select s.site_id, k.key, 'active', t.token_id, s.name
from unnest(%s::bytea[]) with ordinality as k (key, n)
join natsweep.site s on s.name = 'site-' || k.n
cross join natsweep.enroll_token t"""


def cpu_s(pid):
    """The CPU time that a process has had."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        user, system = file.read().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) * TICK_S


def rss_kb(pid):
    """What it has in memory."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS:"))


def descriptors(pid):
    """How many files it has open."""
    return len(os.listdir(f"/proc/{pid}/fd"))


class Bare:
    """The bare ROUTER, as much like a Collector as is needed here."""

    def __init__(self, folder):
        self.endpoint = f"tcp://127.0.0.1:{free_port()}"
        self.command = [f"{BIN}/bare_router", self.endpoint, str(folder / "bare.key"), str(HEARTBEAT_MS)]
        self.process = self.key = None

    def start(self):
        """Starts it, and waits until it listens."""
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, text=True)
        self.key = self.process.stdout.readline().strip()

    def public_key(self):
        """In Z85."""
        return self.key.encode()

    def end(self, how):
        """Sends a signal and waits."""
        self.process.send_signal(how)
        self.process.wait()
        self.process.stdout.close()


def all_online(crowd):
    """A condition."""
    return lambda count: count.online == crowd.agents


def serve(crowd, server):
    """What a server of agents takes to get all, to keep all for a while, and to get all back after kill -9."""
    pid = server.process.pid
    memory, files = rss_kb(pid), descriptors(pid)
    crowd.join(server.endpoint, server.public_key().decode())
    facts = {"come": crowd.wait(all_online(crowd), PATIENCE_S), "come_cpu": cpu_s(pid), "memory": (rss_kb(pid) - memory) / crowd.agents,
             "descriptors": (descriptors(pid) - files) / crowd.agents}
    begun, sessions = cpu_s(pid), crowd.count().sessions
    time.sleep(IDLE_S)
    facts["idle_cpu"] = (cpu_s(pid) - begun) / IDLE_S
    assert crowd.count().online == crowd.agents and crowd.count().sessions == sessions, f"somebody was lost: {crowd.count()}"
    server.end(signal.SIGKILL)
    crowd.wait(lambda count: count.online == 0, PATIENCE_S)
    server.start()
    return facts | {"back": crowd.wait(all_online(crowd), PATIENCE_S), "back_cpu": cpu_s(server.process.pid)}


class Bed:
    """A database with a fleet and a collector."""

    def __init__(self, folder, agents):
        self.server = Server()
        self.server.rows(FLEET.split("insert into natsweep.agent ")[0].format(sites=agents))
        self.port = free_port()
        self.collector = Collector(folder / "collector", self.server.dsn, "bench", watch=f"127.0.0.1:{self.port}", log_level="info",
                                   sections=f"[agents]\nheartbeat_ms = {HEARTBEAT_MS}\n")

    def enrol(self, keys):
        """Makes an agent of each key, one a site."""
        self.server.rows(ENROL, keys)
        self.server.rows("vacuum analyze")

    def value(self, query):
        """The one value of a query."""
        return self.server.rows(query)[0][0]

    def wait(self, query, wanted):
        """Seconds until a query returns a value."""
        begun = time.monotonic()
        while self.value(query) != wanted:
            assert time.monotonic() - begun < PATIENCE_S, f"waited in vain for {wanted} of {query}, it is {self.value(query)}"
            time.sleep(0.02)
        return time.monotonic() - begun

    def backend_cpu_s(self):
        """CPU time of the collector's connections to PostgreSQL."""
        pids = self.server.rows("select pid from pg_stat_activity where application_name like 'natsweep%'")
        return sum(cpu_s(pid) for pid, in pids)

    def stop(self):
        """Ends both."""
        self.collector.end(signal.SIGKILL)
        self.server.stop()


def sweep(bed, crowd):
    """A recheck of the whole fleet: seconds until every agent has its command, and until every report is committed."""
    begun = crowd.count().begun
    bed.server.rows(f"select natsweep.request_sweep('{{\"all\": true}}', '{PORTS}')")
    commands = crowd.wait(lambda count: count.begun == begun + crowd.agents, PATIENCE_S)
    stored = commands + bed.wait("select count(*) from natsweep.sweep where state = 'done'", crowd.agents)
    assert bed.value("select count(*) from natsweep.sweep_result") == crowd.agents and crowd.count().lost == 0
    return {"commands": commands, "stored": stored}


def serve_bare(folder, agents):
    """The facts of the bare ROUTER."""
    server, crowd = Bare(folder), Crowd(folder / "bare", PORTS, agents)
    server.start()
    try:
        return serve(crowd, server)
    finally:
        crowd.close()
        server.end(signal.SIGKILL)


def serve_collector(folder, agents):
    """The facts of the collector, and of its connections to PostgreSQL."""
    bed, crowd = Bed(folder, agents), Crowd(folder / "fleet", PORTS, agents)
    try:
        bed.enrol(crowd.keys())
        bed.collector.start()
        facts = serve(crowd, bed.collector)
        facts["noted"] = facts["back"] + bed.wait("select count(*) from natsweep.agent_status where online", agents)
        facts["noted_cpu"] = bed.backend_cpu_s()
        return facts | sweep(bed, crowd)
    finally:
        crowd.close()
        bed.stop()


TABLES = (
    ("Memory an agent", "memory", "kB"),
    ("Open files an agent", "descriptors", "files"),
    ("CPU while idle", "idle_cpu", "cores"),
    ("From the first one's start until all are online", "come", "s"),
    ("CPU of that", "come_cpu", "s"),
    ("After kill -9 and a restart, until all are back", "back", "s"),
    ("CPU of that", "back_cpu", "s"),
    ("A recheck of all: until every agent has its command", "commands", "s"),
    ("A recheck of all: until every report is committed", "stored", "s"),
)


def print_tables(agents, bare, collector):
    """Each fact against the bare ROUTER's, and where there is one, against the goal."""
    for title, fact, unit in TABLES:
        table = Table(f"{title}, {agents:,} agents", unit, "bare ROUTER" if fact in bare else "goal")
        for name, value in (("bare ROUTER", bare.get(fact)), ("goal", GOALS.get(fact)), ("natsweep-collector", collector[fact])):
            if value is not None:
                table.add(name, value)
        if fact == "back":
            table.add("natsweep-collector, and PostgreSQL knows", collector["noted"])
        if fact == "back_cpu":
            table.add("PostgreSQL for it", collector["noted_cpu"], "of its connections")
        table.print()
    print("\n  load average {:.2f} {:.2f} {:.2f}".format(*os.getloadavg()))


def main(agents=AGENTS):
    """The section `agents`."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
        folder = pathlib.Path(name)
        print_tables(agents, serve_bare(folder, agents), serve_collector(folder, agents))
