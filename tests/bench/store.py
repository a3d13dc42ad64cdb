"""How fast reports become committed rows, and what a port result costs on the wire and on disk: against a row a port by COPY."""
import os
import shlex
import subprocess

import psycopg2

from .table import Table

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
BENCH = os.path.join(TOP, "build", "release", "bin", "store_bench")
SITES = 2000
DAYS = 4
COPIED = 128

FLEET = """
select natsweep.create_customer('Bench');
select natsweep.set_vantage('first', '203.0.113.10');
select natsweep.create_token('Bench', null, sha256('token'), 1);
insert into natsweep.site (customer_id, name)
  select c.customer_id, 'site-' || n from natsweep.customer c, generate_series(1, {sites}) n;
insert into natsweep.agent (site_id, public_key, state, token_id, hostname)
  select s.site_id, sha256(s.name::text::bytea), 'active', t.token_id, s.name from natsweep.site s, natsweep.enroll_token t;
"""

HISTORY = """
select natsweep.request_sweep('{{"all": true}}', '@3cx');
insert into natsweep.sweep (request_id, site_id, agent_id, state, expires_at, at)
  select w.request_id, w.site_id, w.agent_id, 'running', now(), now() - d * interval '1 hour'
  from natsweep.sweep w, generate_series(1, {days}) d order by d, w.sweep_id;
create table port_row (site_id bigint, at timestamptz, sweep_id bigint, transport smallint, port integer, verdict smallint,
  reason smallint, reached boolean, preserved boolean, inbound boolean, unsolicited boolean, mapped_address inet,
  mapped_port integer, rtt_us integer, attempts smallint, live boolean, primary key (site_id, at, sweep_id, transport, port));
"""

SIZE = """
select coalesce(sum(pg_total_relation_size(i.inhrelid)), 0)
from pg_inherits i where i.inhparent = any (%s::regclass[])"""


class Server:
    """A private cluster that syncs its commits, with the schema."""

    def __init__(self):
        keeper = "export -p | grep -E ' PG[A-Z]+='; echo; cat >/dev/null"
        # pylint: disable-next=consider-using-with
        self.keeper = subprocess.Popen(
            [os.path.join(TOP, "deploy", "private-cluster"), "run", "--", "bash", "-c", keeper],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        words = [shlex.split(line)[-1] for line in iter(self.keeper.stdout.readline, "\n")]
        self.environment = dict(os.environ) | dict(word.split("=", 1) for word in words)
        schema = os.path.join(TOP, "schema")
        subprocess.run(["sqitch", "deploy", "--no-verify", "db:pg:postgres"], cwd=schema, env=self.environment, check=True, stdout=subprocess.DEVNULL)
        self.dsn = " ".join(f"{key}={self.environment[name]}" for key, name in (
            ("host", "PGHOST"), ("port", "PGPORT"), ("user", "PGUSER"), ("passfile", "PGPASSFILE"), ("dbname", "PGDATABASE")))
        self.connection = psycopg2.connect(self.dsn)
        self.connection.autocommit = True

    def rows(self, query, *values):
        """What a query returns."""
        cursor = self.connection.cursor()
        cursor.execute(query, values or None)
        return cursor.fetchall() if cursor.description else []

    def size(self, *tables):
        """Bytes of partitioned tables with indexes and TOAST."""
        return int(self.rows(SIZE, [f"natsweep.{table}" for table in tables])[0][0])

    def stop(self):
        """Ends the cluster and removes it."""
        self.connection.close()
        self.keeper.stdin.close()
        self.keeper.wait()


def run(server, mode, jobs):
    """Seconds, reports, ports and bytes on the wire of one run."""
    lines = "".join("{} {} {} {}\n".format(*job) for job in jobs)
    done = subprocess.run([BENCH, mode, server.dsn], input=lines, text=True, check=True, stdout=subprocess.PIPE)
    seconds, reports, ports, wire = done.stdout.split()
    return float(seconds), int(reports), int(ports), int(wire)


def measure(server):
    """Prints the tables."""
    server.rows(FLEET.format(sites=SITES) + HISTORY.format(days=DAYS))
    jobs = server.rows("select agent_id, site_id, sweep_id, natsweep.to_us(at) from natsweep.sweep where at is not null order by sweep_id")
    copy_seconds, copied, copied_ports, _ = run(server, "copy", jobs[:COPIED])
    half = len(jobs) // 2
    one_seconds, one_reports, one_ports, one_wire = run(server, "1", jobs[:half])
    two_seconds, two_reports, two_ports, two_wire = run(server, "2", jobs[half:])
    ports, wire = one_ports + two_ports, one_wire + two_wire

    speed = Table("Reports of 2,008 ports stored, decode to commit", "sweeps/s", "COPY BINARY, a row a port")
    speed.add("COPY BINARY, a row a port", copied / copy_seconds, f"{copied} sweeps, a commit for 16")
    speed.add("one store writer, both tiers", one_reports / one_seconds, f"{one_reports} sweeps")
    speed.add("two store writers, both tiers", two_reports / two_seconds, f"{two_reports} sweeps")
    speed.print()

    row_size = int(server.rows("select pg_total_relation_size('port_row')")[0][0])
    cost = Table("Bytes a port result", "bytes", "disk: a row a port")
    cost.add("disk: a row a port", row_size / copied_ports)
    cost.add("disk: verdict tier", server.size("report_batch", "port_verdict") / ports)
    cost.add("disk: evidence tier", server.size("port_evidence") / ports)
    cost.add("disk: results of whole sweeps", server.size("sweep_result") / ports, "texts, addresses, NAT")
    cost.add("wire: full evidence", wire / ports, "a frame")
    cost.print()


def main():
    """The section `store`."""
    server = Server()
    try:
        measure(server)
    finally:
        server.stop()
