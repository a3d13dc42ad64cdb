"""A store that stalls: the queue stays within its bounds, heartbeats are answered all the time, and what was put off comes back
little by little, each report once."""
import time

import pytest
from collector import messages, wait_for
from test_collector import Bed, memory_kb

AGENTS, REPORTS = 20, 15
QUEUE_MB = 1
# A report waits at most this long between being sent twice: 16 s of base and as much by chance.
REPLAY_S = 60


@pytest.fixture(name="bed")
def small_queue(server, database, tmp_path):
    """A bed whose collectors have a small queue."""
    made = Bed(server, database, tmp_path)
    yield made
    made.close()


def begin_sweeps(bed, agents):
    """Sweeps that every agent is at; returns [(sweep, at)] of each."""
    bed.request()
    sweeps = bed.execute("""
        insert into natsweep.sweep (request_id, site_id, agent_id, state, expires_at, at, lost_at)
        select w.request_id, w.site_id, w.agent_id, 'running', now() + interval '1 h', now(), now() + interval '1 h'
        from natsweep.sweep w, generate_series(1, %s)
        returning agent_id, sweep_id, natsweep.to_us(at)""", REPORTS).fetchall()
    bed.execute("update natsweep.sweep set state = 'cancelled' where state = 'queued'")
    return {agent: [(sweep_id, at_us) for agent_id, sweep_id, at_us in sweeps if agent_id == agent.agent_id] for agent in agents}


def report(sweep_id, at_us):
    """A whole report of no port, and of some kilobytes."""
    nat = messages.Nat(nat_class=1, mapping=1, filtering=1, sip_alg_diff="x" * 4000, binding_lifetime_s=-1)
    done = messages.Done(outcome=1, message="m" * 500, advice=["a" * 500] * 4, server_name="first", family=4, started_at_us=at_us,
                         duration_us=1, nat=nat)
    return messages.ReportBatch(sweep_id=sweep_id, at_us=at_us, batch=0, batches=1, columns=messages.PortColumns(), done=done)


class Spool:
    """An agent's reports, sent as an agent does: again after each wait, until they are acknowledged."""

    def __init__(self, agent, sweeps):
        self.agent, self.left = agent, dict(sweeps)
        self.hold_until, self.sent, self.waits, self.beats = 0.0, 0, 0, 0
        self.unsent = list(self.left)

    def turn(self):
        """Sends what may be sent, and reads what has come."""
        if self.unsent and time.monotonic() >= self.hold_until:
            for sweep_id in self.unsent:
                self.agent.send(report_batch=report(sweep_id, self.left[sweep_id]))
                self.sent += 1
            self.unsent = []
        while (envelope := self.agent.receive(0)) is not None:
            self.hear(envelope)

    def hear(self, envelope):
        """One message of the collector."""
        if envelope.WhichOneof("body") == "wait":
            self.waits += 1
            self.hold_until = time.monotonic() + envelope.wait.wait_ms / 1000
            self.unsent = list(self.left)
        elif envelope.WhichOneof("body") == "heartbeat":
            self.beats += 1
        elif envelope.WhichOneof("body") == "ack":
            assert not envelope.ack.rejected, envelope
            for key in envelope.ack.stored:
                self.left.pop(key.sweep_id, None)
                self.unsent = [sweep_id for sweep_id in self.unsent if sweep_id != key.sweep_id]

    def beat(self):
        """A heartbeat, and its answer."""
        before = self.beats
        self.agent.send(heartbeat=messages.Heartbeat(clock_us=1))
        wait_for(lambda: self.turn() or self.beats > before, "the answer to a heartbeat")


def test_a_stalled_store_makes_agents_wait_and_loses_nothing(bed):
    collector = bed.collector()
    collector.end()
    collector.settings.write_text(collector.settings.read_text() + f"[store]\nqueue_mb = {QUEUE_MB}\n")
    collector.start()
    agents = [bed.agent() for _ in range(AGENTS)]
    for agent in agents:
        agent.hello(collector)
    spools = [Spool(agent, sweeps) for agent, sweeps in begin_sweeps(bed, agents).items()]
    before_kb = memory_kb(collector)

    stall = bed.server.connect(bed.database)
    stall.autocommit = False
    stall.cursor().execute("lock table natsweep.sweep_result in exclusive mode")
    for spool in spools:
        spool.turn()
    for spool in spools:
        spool.beat()
    wait_for(lambda: [spool.turn() for spool in spools] and sum(spool.waits for spool in spools) > AGENTS / 2, "agents to be put off")
    assert memory_kb(collector) - before_kb < 10 * QUEUE_MB * 1024
    assert bed.value("select count(*) from natsweep.sweep_result") == 0
    stall.close()

    deadline = time.monotonic() + REPLAY_S
    while any(spool.left for spool in spools):
        assert time.monotonic() < deadline, f"{sum(len(spool.left) for spool in spools)} reports are still not stored"
        for spool in spools:
            spool.turn()
        time.sleep(0.01)
    assert bed.value("select count(*) from natsweep.sweep_result") == AGENTS * REPORTS
    assert bed.value("select count(*) from natsweep.sweep where state = 'done'") == AGENTS * REPORTS
    assert bed.value("select count(*) from natsweep.rejected_report") == 0
    sent = sum(spool.sent for spool in spools)
    assert sent < 6 * AGENTS * REPORTS, "nobody storms a store that comes back"
