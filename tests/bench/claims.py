"""How fast queued sweeps are asked for and claimed, against a bare queue table of the same size."""
import os
import statistics
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg2

from .store import FLEET, Server
from .table import Table

SITES = 5000
ROUNDS = 3
BARE_BATCH = 100
BATCH = 500  # the collector's CLAIM_MAX

# Connected to one of two collectors, whose leases outlast the bench: here nobody renews them.
# Statistics decide the plans, so they are taken when the bench says so.
CONNECTED = """
select natsweep.collector_start(name, 1, '1.0') from unnest('{one,two}'::text[]) name;
update natsweep.collector set lease_until = now() + interval '1 day';
select count(h) from (
  select natsweep.agent_hello(c.collector_id, a.agent_id, 1, '1.0', a.hostname, 0, true, '{}', '{}')
  from natsweep.agent a join natsweep.collector c on c.name = case a.agent_id % 2 when 0 then 'one' else 'two' end) h;
alter table natsweep.sweep set (autovacuum_enabled = false);
create table queue (id bigserial primary key, state text not null default 'queued');
create index on queue (id) where state = 'queued';
vacuum analyze
"""

FILL = "insert into queue (state) select 'queued' from generate_series(1, %s)"
BARE = """
update queue set state = 'sent'
where id in (select id from queue where state = 'queued' order by id for update skip locked limit {batch})
returning id"""
REQUEST = """select natsweep.request_sweep('{"all": true}')"""
CLAIM = "select * from natsweep.claim_sweeps({collector}, '{agents}'::bigint[], {batch})"
END = """
select count(*) from natsweep.sweep_step_all(array(select sweep_id from natsweep.sweep where state = 'sent'), 'lost')"""


def timed(server, query, *values):
    """Seconds of one statement."""
    start = time.monotonic()
    server.rows(query, *values)
    return time.monotonic() - start


def drain(connection, query, batch, start):
    """Asks for batches until one is not full, as the collector does; the cursors of all, so that rows are parsed later."""
    cursors = []
    start.wait()
    while not cursors or cursors[-1].rowcount == batch:
        cursors.append(connection.cursor())
        cursors[-1].execute(query)
    return cursors


def rate(server, queries, batch):
    """Rows a second that connections with a query each take from a queue, which has to end empty with no row taken twice."""
    connections = [psycopg2.connect(server.dsn) for _ in queries]
    for connection in connections:
        connection.autocommit = True
    start = threading.Barrier(len(queries) + 1)
    with ThreadPoolExecutor(len(queries)) as pool:
        drains = [pool.submit(drain, connection, query, batch, start) for connection, query in zip(connections, queries)]
        start.wait()
        began = time.monotonic()
        cursors = [cursor for each in drains for cursor in each.result()]
        seconds = time.monotonic() - began
    ids = [row[0] for cursor in cursors for row in cursor.fetchall()]
    for connection in connections:
        connection.close()
    if len(ids) != SITES or len(set(ids)) != SITES:
        raise RuntimeError(f"of {SITES} queued rows {len(ids)} were taken, {len(set(ids))} different ones")
    return SITES / seconds


def bare(server, connections, batch):
    """(Seconds to fill the bare queue, rows a second taken from it)."""
    server.rows("truncate queue")
    server.rows("vacuum analyze queue")
    return timed(server, FILL, SITES), rate(server, [BARE.format(batch=batch)] * connections, batch)


def claimed(server, askers, full=True):
    """(Seconds of request_sweep() for all, sweeps a second claimed by collectors that ask for an array of agents each).

    The planner's statistics are of the full queue, or of the idle one before, as in the first minute after a request.
    """
    server.rows("vacuum analyze natsweep.sweep")
    seconds = timed(server, REQUEST)
    if full:
        server.rows("analyze natsweep.sweep")
    queries = [CLAIM.format(collector=collector, agents=agents, batch=BATCH) for collector, agents in askers]
    speed = rate(server, queries, BATCH)
    server.rows(END)
    return seconds, speed


def cases(server):
    """What is measured, by its name in the table."""
    owned = server.rows("select collector_id, array_agg(agent_id order by agent_id)::text from natsweep.agent_seen group by 1 order by 1")
    everyone = server.rows("select array_agg(agent_id order by agent_id)::text from natsweep.agent")[0][0]
    same = [(collector, everyone) for collector, _ in owned]
    return {
        f"bare queue, {BARE_BATCH} at a time": lambda: bare(server, 1, BARE_BATCH),
        f"bare queue, {BARE_BATCH} at a time, two connections": lambda: bare(server, 2, BARE_BATCH),
        f"bare queue, {BATCH} at a time": lambda: bare(server, 1, BATCH),
        f"claim_sweeps(), {BATCH} at a time": lambda: claimed(server, same[:1]),
        "claim_sweeps(), statistics of the idle queue": lambda: claimed(server, same[:1], full=False),
        "claim_sweeps(), two, each for its agents": lambda: claimed(server, owned),
        "claim_sweeps(), two, both for all agents": lambda: claimed(server, same),
    }


def measure(server):
    """Prints the tables: medians of rounds in which every case has its turn, so that a busy moment meets them all."""
    server.rows(FLEET.format(sites=SITES))
    for statement in CONNECTED.split(";\n"):
        server.rows(statement)
    measured = cases(server)
    taken = {name: [] for name in measured}
    for _ in range(ROUNDS):
        for name, case in measured.items():
            taken[name].append(case())

    claims = Table(f"{SITES:,} queued sweeps claimed, to the last", "claims/s", next(iter(measured)))
    for name, runs in taken.items():
        speeds = [speed for _, speed in runs]
        claims.add(name, statistics.median(speeds), f"{min(speeds):,.0f} to {max(speeds):,.0f} in {len(speeds)} rounds")
    claims.print()

    asked = Table(f"{SITES:,} sweeps asked for", "s", "rows put into the bare queue")
    for name, beginning in (("rows put into the bare queue", "bare"), ("request_sweep() of all sites", "claim")):
        seconds = [second for case, runs in taken.items() if case.startswith(beginning) for second, _ in runs]
        asked.add(name, statistics.median(seconds), f"{min(seconds):.3f} to {max(seconds):.3f} in {len(seconds)} runs")
    asked.print()
    print("\n  load average {:.2f} {:.2f} {:.2f}".format(*os.getloadavg()))


def main():
    """The section `claims`."""
    server = Server()
    try:
        measure(server)
    finally:
        server.stop()
