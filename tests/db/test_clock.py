"""The database's clock jumps: nothing gets into a state that it could not get into, and work goes on."""
import os
import shutil
import tempfile

import pytest

from conftest import Server, deploy
from test_concurrency import Fleet

LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
HOUR = 3600
DAY = 24 * HOUR

# What each sweep has been through, in states.
WATCH = """
create table public.step ("from" text, "to" text);
grant insert on public.step to public;
create function watch() returns trigger language plpgsql as $$ begin insert into public.step values (old.state, new.state); return null; end $$;
create trigger watch after update on natsweep.sweep for each row when (old.state <> new.state) execute function watch()"""

# Each row is something that must never be.
WRONG = (
    """select "from", "to" from public.step except select "from", "to" from natsweep.sweep_transition""",
    "select request_id from natsweep.request_progress p where total <> (select count(*) from natsweep.sweep s where s.request_id = p.request_id)",
    "select sweep_id, state from natsweep.sweep join natsweep.sweep_state using (state) where final <> (due_at is null)",
    "select sweep_id, state from natsweep.sweep where at is null and state not in ('queued', 'expired', 'cancelled')",
    "select schedule_id, next_run from natsweep.schedule where paused_at is null and next_run not between now() and now() + interval '1 day'",
    "select 1 where to_regclass('natsweep.sweep_result' || to_char(now() at time zone 'utc', '_YYYY_MM')) is null",
    "select collector_id, lease_until from natsweep.collector where lease_until > now() + 2 * natsweep.collector_lease()",
)


class Clock:
    """What the server's processes add to the time, read by each of them whenever it looks."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="natsweep-clock.")
        os.chmod(self.folder, 0o755)
        self.path = os.path.join(self.folder, "offset")
        self.set(0)

    def set(self, seconds):
        """Seconds ahead of the real time."""
        with open(self.path + ".new", "w", encoding="ascii") as file:
            file.write(f"{seconds:+d}\n")
        os.replace(self.path + ".new", self.path)

    def wrapper(self):
        """What to start the server's programs with; as the server's user, who has to be able to share the library's memory."""
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.getuid() == 0 else []
        return [*user, "env", f"LD_PRELOAD={LIBRARY}", f"FAKETIME_TIMESTAMP_FILE={self.path}", "FAKETIME_NO_CACHE=1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1", "FAKETIME_DISABLE_SHM=1"]


class Bed(Fleet):
    """Three agents of which every step is watched, and the clock."""

    def __init__(self, server, clock):
        super().__init__(server, server.create(server.template), 3)
        self.clock = clock
        for statement in WATCH.split(";\n"):
            self.execute(statement)
        for agent in self.agents:
            self.hello(agent)

    def hello(self, agent, running=()):
        """An agent connects to the first collector."""
        return self.rows("select decision from natsweep.agent_hello(%s, %s, 1, '1.0', 'host', 0, true, %s::bigint[], '{}')",
                         self.collectors[0], agent, list(running))

    def event(self, sweep, event):
        """An agent answers; returns the new state."""
        return self.rows("""
            select e.state from natsweep.sweep s, natsweep.sweep_events(%s, array[s.agent_id], array[s.sweep_id], array[s.generation],
              array[%s], '{null}') e where s.sweep_id = %s""", self.collectors[0], event, sweep)

    def beat(self):
        """The first collector lives."""
        assert self.value("select natsweep.collector_beat(%s, 1)", self.collectors[0])

    def jump(self, seconds):
        """The clock jumps, and a tick sees it."""
        before = self.value("select now()")
        self.clock.set(seconds)
        moved = (self.value("select now()") - before).total_seconds()
        self.value("select natsweep.tick()")
        self.check()
        return moved

    def check(self):
        """Nothing is what must not be."""
        for query in WRONG:
            assert not self.rows(query), query


@pytest.fixture(scope="module", name="clocked")
def clocked_server():
    """A server whose clock the tests move."""
    clock = Clock()
    server = Server(*clock.wrapper())
    server.template = deploy(server)
    yield server, clock
    server.stop()
    shutil.rmtree(clock.folder)
    for name in os.listdir("/dev/shm"): # what the library leaves behind
        if "faketime_" in name and not os.path.exists(f"/proc/{name.rsplit('_', 1)[1]}"):
            os.unlink(os.path.join("/dev/shm", name))


@pytest.fixture
def bed(clocked):
    """A fleet of one's own, at the right time."""
    server, clock = clocked
    clock.set(0)
    yield Bed(server, clock)
    clock.set(0)


def test_a_clock_that_jumps_ahead_ends_what_is_past_its_time(bed):
    bed.request()
    sent, started = bed.claim(bed.collectors[0], 2)
    bed.event(started, "started")
    assert bed.jump(DAY) > DAY - HOUR, "the server's clock has jumped"
    assert bed.states() == {"expired": 2, "lost": 1}
    assert bed.value("select state from natsweep.sweep where sweep_id = %s", sent) == "expired", "a dead collector never delivered it"
    assert not bed.claim(bed.collectors[0], 10), "a collector whose lease is over gets nothing"
    bed.beat()
    bed.request()
    assert len(bed.claim(bed.collectors[0], 10)) == 3, "when it lives it works on"
    bed.check()


def test_a_clock_that_is_put_back_stops_no_work(bed):
    bed.jump(DAY)
    bed.beat()
    bed.request()
    early, started = bed.claim(bed.collectors[0], 2)
    bed.event(started, "started")
    assert bed.jump(0) < HOUR - DAY
    assert bed.states() == {"queued": 1, "sent": 1, "running": 1}, "no more than what was said has happened"
    bed.beat()
    assert len(bed.claim(bed.collectors[0], 10)) == 1, "what waits is claimed"
    assert bed.event(early, "started") == [("running",)], "what was sent is started"
    running = bed.rows("select agent_id, sweep_id from natsweep.sweep where state = 'running'")
    for agent, sweep in running:
        assert bed.hello(agent, [sweep]) == [("adopt",)]
    bed.check()


def test_a_lease_of_a_clock_put_back_ends_when_its_collector_is_dead(bed):
    bed.jump(DAY)
    bed.beat()
    bed.request()
    assert len(bed.claim(bed.collectors[0], 10)) == 3
    bed.jump(0)
    bed.clock.set(60) # a minute without a beat
    bed.value("select natsweep.tick()")
    assert bed.states() == {"queued": 3}, "what a dead collector held waits for another one"
    assert not bed.value("select bool_or(online) from natsweep.agent_status")
    bed.check()


def test_a_report_is_stored_once_wherever_the_clock_is(bed):
    bed.jump(40 * DAY)
    bed.beat()
    bed.request()
    sweeps = bed.claim(bed.collectors[0], 10)
    query = """
        select r.status from natsweep.sweep s, natsweep.store_reports(array[jsonb_populate_record(null::natsweep.report_in, jsonb_build_object(
          'item', 1, 'site_id', s.site_id, 'sweep_id', s.sweep_id, 'at_us', natsweep.to_us(s.at), 'batch', 0, 'batches', 1, 'plan',
          '{"(1,5060,5060,2,1,0)"}', 'port_count', 1, 'pass_count', 1, 'fail_count', 0, 'unjudged_count', 0, 'forwarded_count', 1,
          'unforwarded_count', 0, 'outcome', 1, 'family', 4, 'message', '', 'advice', '[]'::jsonb, 'warnings', '[]'::jsonb,
          'started_at_us', natsweep.to_us(now()), 'duration_us', 1))], '{}', '{}') r where s.sweep_id = %s"""
    for sweep, seconds in zip(sweeps, (40 * DAY, 0, 80 * DAY)):
        bed.jump(seconds)
        assert bed.value(query, sweep) == "stored"
    for seconds in (0, 40 * DAY):
        bed.jump(seconds)
        assert {bed.value(query, sweep) for sweep in sweeps} == {"duplicate"}
    assert bed.states() == {"done": 3}
    assert bed.value("select count(*) from natsweep.sweep_result") == 3
    bed.check()


def test_schedules_run_no_turn_twice_and_wait_for_no_clock(bed):
    bed.value("""select natsweep.add_schedule('nightly', '0 2 * * *', '{"all": true}', '5060/udp')""")
    for seconds in (40 * DAY, 400 * DAY, 0, -40 * DAY, 0):
        bed.jump(seconds)
    assert not bed.value("select count(*) from natsweep.request"), "nobody wants the turns of days that never were"
    bed.value("update natsweep.schedule set next_run = now() returning 1")
    bed.jump(0)
    assert bed.value("select count(*) from natsweep.request") == 1
    for seconds in (-3 * HOUR, 0, 3 * HOUR, 0):
        bed.jump(seconds)
    assert bed.value("select count(*) from natsweep.request") <= 2, "its turn may have come within these hours"


def test_nothing_is_forgotten_in_a_time_that_never_was(bed):
    months = "select count(*) from pg_inherits where inhparent = 'natsweep.port_evidence'::regclass and inhrelid::regclass::text ~ %s"
    here = bed.value("select to_char(now() at time zone 'utc', 'YYYY_MM')")
    bed.request()
    asked = bed.value("select count(*) from natsweep.audit")
    for seconds in (4000 * DAY, 0):
        bed.jump(seconds)
        assert bed.value(months, here) == 1, "the evidence of this month is there"
        assert bed.value("select count(*) from natsweep.audit") >= asked
        assert bed.value("select count(*) from natsweep.request") == 1
    for hours in range(0, 26): # the clock goes on, from tick to tick
        bed.jump(4000 * DAY + hours * HOUR - 60 * hours)
    assert not bed.value("select count(*) from natsweep.request"), "after a day it is believed"
    assert not bed.value(months, here)
