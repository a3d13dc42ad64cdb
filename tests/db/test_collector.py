"""The collector against a real PostgreSQL: enrolment, claims, takeover, cancel, expiry, outages, and how it ends."""
import base64
import hashlib
import hmac
import os
import pathlib
import signal
import subprocess
import time

import pytest
import zmq
from collector import Agent, Collector, messages, wait_for
from zmq.utils import z85

STATUS = messages.Enrolled.Status
EX_USAGE, EX_UNAVAILABLE, EX_TEMPFAIL, EX_CONFIG = 64, 69, 75, 78


class Bed:
    """A database with a customer and a vantage, collectors and fake agents in front of it."""

    def __init__(self, server, database, folder):
        self.server, self.database, self.folder = server, database, folder
        self.connection = server.connect(database)
        self.context = zmq.Context()
        self.collectors, self.agents = [], []
        self.value("select natsweep.create_customer('Acme')")
        self.value("select natsweep.set_vantage('first', '203.0.113.10:3478')")

    def dsn(self):
        """How a collector signs in: by a role that may do what a collector may, and nothing else."""
        role, password = f"collector_{self.database}", "secret"
        self.execute(f"""do $$ begin
            if not exists (select from pg_roles where rolname = '{role}') then
                create role {role} login password '{password}' in role natsweep_collector;
            end if; end $$""")
        where = self.server.environment
        return f"host={where['PGHOST']} port={where['PGPORT']} dbname={self.database} user={role} password={password}"

    def collector(self, name="one", **settings):
        """A collector that has its lease."""
        collector = Collector(self.folder / name, self.dsn(), name, **settings)
        self.collectors.append(collector)
        return collector.start()

    def stranger(self):
        """An agent that is not enrolled."""
        agent = Agent(self.context)
        self.agents.append(agent)
        return agent

    def agent(self):
        """An agent that is enrolled, without a collector's help."""
        agent = self.stranger()
        secret = self.token()
        agent.agent_id = self.value("select agent_id from natsweep.enroll_agent(sha256(%s), %s, 'pbx', '0.1.0')", secret, agent.raw_key)
        return agent

    def token(self, uses=1, approval=False):
        """A new token's secret."""
        secret = os.urandom(32)
        self.value("select natsweep.create_token('Acme', null, sha256(%s), %s, needs_approval => %s)", secret, uses, approval)
        return secret

    def request(self, **options):
        """Asks for a sweep of every site; returns the request."""
        options = ", ".join(f'"{key}": {value}' for key, value in options.items())
        return self.value("select natsweep.request_sweep('{\"all\": true}', '5060/udp,9000-9009/udp', %s)", "{" + options + "}")

    def execute(self, statement, *values):
        """Runs a statement."""
        cursor = self.connection.cursor()
        cursor.execute(statement, values or None)
        return cursor

    def value(self, query, *values):
        """The one value of a query."""
        (row,) = self.execute(query, *values).fetchall()
        return row[0]

    def state(self, sweep_id):
        """A sweep's state."""
        return self.value("select state from natsweep.sweep where sweep_id = %s", sweep_id)

    def wait_state(self, sweep_id, state):
        """Until a sweep has a state."""
        wait_for(lambda: self.state(sweep_id) == state, f"sweep {sweep_id} to be {state}, not {self.state(sweep_id)}")

    def close(self):
        """Ends everything."""
        for collector in self.collectors:
            collector.end(signal.SIGKILL)
        for agent in self.agents:
            agent.close()
        self.context.term()
        self.connection.close()


@pytest.fixture
def bed(server, database, tmp_path):
    """A bed of one's own."""
    made = Bed(server, database, tmp_path)
    yield made
    made.close()


def test_an_agent_enrols_and_is_welcomed(bed):
    collector = bed.collector()
    agent = bed.stranger()
    answer = agent.enroll(collector, bed.token())
    assert (answer.status, answer.customer) == (STATUS.ENROLLED, "Acme")
    assert list(answer.endpoints) == [collector.endpoint]
    assert [z85.encode(key) for key in answer.server_keys] == [collector.public_key()]
    assert agent.hello(collector).site == answer.site
    wait_for(lambda: bed.value("select count(*) from natsweep.agent_status where online"), "the agent to be online")


def test_agents_are_told_of_every_collector(bed):
    one = bed.collector("one")
    early = bed.agent()
    assert list(early.hello(one).endpoints) == [one.endpoint]
    two = bed.collector("two")
    known = early.expect("welcome")
    late = bed.stranger().enroll(two, bed.token())
    for directory in (known, late):
        assert list(directory.endpoints) == [one.endpoint, two.endpoint]
        assert [z85.encode(key) for key in directory.server_keys] == [one.public_key(), two.public_key()]


def test_bad_tokens_are_told_apart(bed):
    collector = bed.collector()
    assert bed.stranger().enroll(collector, b"x" * 32).status == STATUS.TOKEN_UNKNOWN
    once = bed.token()
    first = bed.stranger()
    assert first.enroll(collector, once).status == STATUS.ENROLLED
    assert first.enroll(collector, once).status == STATUS.ENROLLED, "the same key may ask again: its answer may have been lost"
    assert bed.stranger().enroll(collector, once).status == STATUS.TOKEN_USED
    assert first.enroll(collector, bed.token()).status == STATUS.KEY_KNOWN


def test_a_pending_agent_works_once_it_is_approved(bed):
    collector = bed.collector()
    agent = bed.stranger()
    assert agent.enroll(collector, bed.token(approval=True)).status == STATUS.PENDING
    assert agent.hello(collector).status == messages.Welcome.PENDING
    bed.value("select natsweep.approve_agent((select agent_id from natsweep.agent))")
    wait_for(lambda: agent.hello(collector).status == messages.Welcome.WELCOME, "the approval to be known")


def test_a_revoked_agent_is_told_at_once(bed):
    collector = bed.collector()
    agent = bed.agent()
    agent.hello(collector)
    bed.value("select natsweep.revoke_agent(%s)", agent.agent_id)
    assert agent.expect("welcome").status == messages.Welcome.REVOKED


def test_an_agent_changes_its_key(bed):
    """The answer to its new key is lost, so it comes by the old one again, and is asked again."""
    collector = bed.collector()
    agent, renewed = bed.agent(), bed.stranger()
    agent.hello(collector)
    bed.value("select natsweep.change_agent_key(%s)", agent.agent_id)
    agent.expect("change_key")
    for _ in range(2):
        agent.send(new_key=messages.NewKey(public_key=renewed.raw_key))
        while (envelope := agent.receive()).WhichOneof("body") == "change_key":
            pass
        assert envelope.key_changed.public_key == renewed.raw_key
        agent.hello(collector)
    renewed.hello(collector)
    now = "select count(*) from natsweep.agent where public_key = %s and next_public_key is null"
    wait_for(lambda: bed.value(now, renewed.raw_key) == 1, "the new key to be the agent's")
    assert bed.value("select count(*) from natsweep.agent") == 1

    def locked_out():
        agent.connect(collector)
        agent.send(heartbeat=messages.Heartbeat(clock_us=1))
        return agent.receive(1) is None

    wait_for(locked_out, "the old key to open no door: the gateway hears of it after the table")


def test_a_line_that_breaks_without_a_word_is_given_up(bed):
    """The kernel asks after a while whether an agent is still there, or what power cuts leave would pile up."""
    collector = bed.collector()
    bed.agent().hello(collector)
    listed = ["ss", "--tcp", "--numeric", "--options", "--no-header", "state", "established", "sport", "=", f":{collector.endpoint.rpartition(':')[2]}"]
    wait_for(lambda: "timer:(keepalive," in subprocess.run(listed, check=True, capture_output=True, text=True).stdout, "the kernel's timer")


def test_a_clone_is_an_event(bed):
    collector = bed.collector()
    agent = bed.agent()
    first, second = agent.instance, agent.instance + 1
    for instance in (first, second) * 3:
        agent.instance = instance
        agent.hello(collector)
        wait_for(lambda instance=instance: bed.value("select max(instance) from natsweep.agent_seen") == instance, "the hello to be noted")
    assert bed.value("select count(*) from natsweep.agent_event where what = 'cloned'") == 1
    assert bed.value("select cloned from natsweep.agent_status")


def test_a_request_reaches_the_agent_and_its_answers_the_table(bed):
    collector = bed.collector()
    agent = bed.agent()
    agent.hello(collector)
    bed.request(pace=100)
    start = agent.expect("start_sweep")
    assert [(part.first, part.last) for part in start.ports] == [(5060, 5060), (9000, 9009)]
    assert list(start.servers) == ["203.0.113.10:3478"]
    assert (start.pace_pps, start.family, start.key.generation) == (100, 4, 1)
    assert not start.HasField("credentials")
    agent.accept(start, running=False)
    bed.wait_state(start.key.sweep_id, "accepted")
    agent.accept(start)
    bed.wait_state(start.key.sweep_id, "running")
    agent.send(progress=messages.Progress(key=start.key, ports_done=5, ports_total=11, remaining_ms=900))
    wait_for(lambda: bed.value("select ports_done from natsweep.sweep") == 5, "the progress")


def test_a_refusal_says_why(bed):
    collector = bed.collector()
    agent = bed.agent()
    agent.hello(collector)
    bed.request()
    start = agent.expect("start_sweep")
    agent.send(refused=messages.Refused(key=start.key, code="policy_ports", message="9000 is not allowed here"))
    bed.wait_state(start.key.sweep_id, "refused")
    assert bed.value("select message from natsweep.sweep") == "policy_ports: 9000 is not allowed here"


def test_a_report_of_a_newer_agent_is_rejected_and_kept(bed):
    collector = bed.collector()
    agent = bed.agent()
    agent.hello(collector, version=2)
    bed.request()
    start = agent.expect("start_sweep")
    newer = messages.ReportBatch(sweep_id=start.key.sweep_id, at_us=start.at_us, batch=0, batches=1, columns=messages.PortColumns(),
                                 done=messages.Done(outcome=99, message="a word of tomorrow"))
    for _ in range(2):
        agent.send(version=2, report_batch=newer)
        ack = agent.expect("ack")
        assert [(key.sweep_id, key.batch) for key in ack.rejected] == [(start.key.sweep_id, 0)] and not ack.stored
        assert ack.message == "a field of the message is out of range"
    kept = messages.Envelope.FromString(bytes(bed.value("select payload from natsweep.rejected_report")))
    assert kept.report_batch == newer and kept.version == 2
    assert bed.state(start.key.sweep_id) == "sent"
    agent.send(version=2, report_batch=messages.ReportBatch(sweep_id=2 ** 63, columns=messages.PortColumns()))
    agent.send(heartbeat=messages.Heartbeat(clock_us=1))
    agent.expect("heartbeat")  # what no ack can name has no answer, and harms nobody


def test_versions_that_meet(bed):
    collector = bed.collector()
    agent = bed.agent()
    status = messages.Welcome.Status
    assert agent.hello(collector, version=2).status == status.WELCOME
    older = agent.hello(collector, version=0)
    assert (older.status, older.message) == (status.VERSION_TOO_OLD, "this agent is too old for its collector: install a newer one")


def test_an_agent_has_no_say_about_anothers_sweep(bed):
    collector = bed.collector()
    honest, rogue = bed.agent(), bed.agent()
    honest.hello(collector)
    rogue.hello(collector)
    bed.request()
    start, own = honest.expect("start_sweep"), rogue.expect("start_sweep")
    rogue.send(progress=messages.Progress(key=start.key, ports_done=9, ports_total=9))
    rogue.accept(start)
    rogue.send(refused=messages.Refused(key=start.key, code="policy_ports", message="so says a stranger"))
    rogue.send(refused=messages.Refused(key=own.key, code="policy_ports", message="its own"))
    bed.wait_state(own.key.sweep_id, "refused")
    assert bed.state(start.key.sweep_id) == "sent"
    honest.accept(start)
    bed.wait_state(start.key.sweep_id, "running")
    rogue.send(progress=messages.Progress(key=start.key, ports_done=9, ports_total=9))
    honest.send(progress=messages.Progress(key=start.key, ports_done=5000, ports_total=9999))
    wait_for(lambda: bed.value("select ports_done from natsweep.sweep where sweep_id = %s", start.key.sweep_id) == 11,
             "the progress, of the eleven ports there are")


def memory_kb(collector):
    """What the collector holds in memory."""
    status = pathlib.Path(f"/proc/{collector.process.pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def test_a_talkative_agent_fills_no_memory_while_the_database_is_slow(bed):
    collector = bed.collector()
    agent = bed.agent()
    agent.hello(collector)
    slow = bed.server.connect(bed.database)
    slow.autocommit = False
    slow.cursor().execute("lock table natsweep.agent_seen")
    before = memory_kb(collector)
    for _ in range(40000):
        agent.send(heartbeat=messages.Heartbeat(clock_us=1))
        while agent.receive(0):
            pass
    assert memory_kb(collector) - before < 20000
    slow.close()


def test_credentials_are_minted_for_the_sweep(bed, tmp_path):
    secret = tmp_path / "turn-secret"
    secret.write_text("north\n")
    secret.chmod(0o600)
    collector = Collector(bed.folder / "one", bed.dsn(), "one")
    collector.settings.write_text(collector.settings.read_text() + f"[turn]\nsecret_file = {secret}\n")
    bed.collectors.append(collector)
    collector.start()
    agent = bed.agent()
    agent.hello(collector)
    bed.request()
    credentials = agent.expect("start_sweep").credentials
    expiry, name = credentials.user.split(":")
    assert int(expiry) > 0 and name == f"agent-{agent.agent_id}"
    digest = hmac.new(b"north", credentials.user.encode(), hashlib.sha1).digest()
    assert credentials.password == base64.b64encode(digest).decode()


def test_a_cancel_reaches_the_agent(bed):
    collector = bed.collector()
    agent = bed.agent()
    agent.hello(collector)
    request = bed.request()
    start = agent.expect("start_sweep")
    agent.accept(start)
    bed.wait_state(start.key.sweep_id, "running")
    bed.value("select natsweep.cancel_request(%s)", request)
    assert agent.expect("cancel").key.sweep_id == start.key.sweep_id
    bed.wait_state(start.key.sweep_id, "cancelled")


def test_a_cancel_is_told_until_the_database_knows_that_it_was(bed):
    collector = bed.collector()
    agent = bed.agent()
    agent.hello(collector)
    request = bed.request()
    start = agent.expect("start_sweep")
    agent.accept(start)
    bed.wait_state(start.key.sweep_id, "running")
    bed.execute("alter function natsweep.cancels_told rename to hidden")
    bed.value("select natsweep.cancel_request(%s)", request)
    assert agent.expect("cancel").key.sweep_id == start.key.sweep_id
    collector.wait_said("looking for cancelled sweeps failed")
    assert bed.value("select tell_agent from natsweep.sweep")
    bed.execute("alter function natsweep.hidden rename to cancels_told")
    assert agent.expect("cancel").key.sweep_id == start.key.sweep_id
    wait_for(lambda: not bed.value("select tell_agent from natsweep.sweep"), "the note that the agent was told")


def test_what_expired_at_the_agent_is_not_refused(bed):
    collector = bed.collector()
    agent = bed.agent()
    agent.hello(collector)
    request = bed.request()
    start = agent.expect("start_sweep")
    agent.accept(start, running=False)
    bed.wait_state(start.key.sweep_id, "accepted")
    agent.send(refused=messages.Refused(key=start.key, code="expired", message="the sweep waited behind others"))
    bed.wait_state(start.key.sweep_id, "expired")
    assert bed.value("select array[refused, expired] from natsweep.request_progress where request_id = %s", request) == [0, 1]


HINTS = 3000


def test_a_storm_of_hints_makes_no_storm_of_claims(bed, server):
    server.connect().cursor().execute(f"alter database {bed.database} set track_functions = 'all'")
    collector = bed.collector()
    agent = bed.agent()
    agent.hello(collector)
    calls = "select coalesce(sum(calls), 0)::integer from pg_stat_user_functions where funcname = 'claim_sweeps'"
    before, begun = bed.value(calls), time.monotonic()
    for _ in range(HINTS):
        bed.execute("notify natsweep_work")
    took = time.monotonic() - begun
    claims = bed.value(calls) - before
    assert claims < took / 0.02 + 2, f"{claims} claims for {HINTS} hints in {took} s"
    bed.request()
    agent.expect("start_sweep")


def test_a_request_for_an_absent_agent_expires(bed):
    bed.collector()
    bed.agent()
    bed.request(expires_s=1)
    sweep_id = bed.value("select sweep_id from natsweep.sweep")
    bed.wait_state(sweep_id, "expired")


def test_work_without_a_vantage_is_refused(bed):
    collector = bed.collector()
    agent = bed.agent()
    bed.request()
    bed.execute("delete from natsweep.vantage")
    agent.hello(collector)
    sweep_id = bed.value("select sweep_id from natsweep.sweep")
    bed.wait_state(sweep_id, "refused")
    assert "vantage" in bed.value("select message from natsweep.sweep")


def test_two_collectors_never_hand_out_the_same(bed):
    one, two = bed.collector("one"), bed.collector("two")
    agents = [bed.agent() for _ in range(12)]
    for place, agent in enumerate(agents):
        agent.hello((one, two)[place % 2])
    bed.request()
    starts = [agent.expect("start_sweep") for agent in agents]
    assert len({start.key.sweep_id for start in starts}) == len(agents)
    assert {start.key.generation for start in starts} == {1}
    assert all(agent.receive(0) is None for agent in agents)
    assert bed.value("select count(distinct collector_id) from natsweep.sweep") == 2


def test_a_killed_collector_is_taken_over(bed):
    one, two = bed.collector("one"), bed.collector("two")
    runs, lost = bed.agent(), bed.agent()
    runs.hello(one)
    lost.hello(one)
    bed.request()
    start, forgotten = runs.expect("start_sweep"), lost.expect("start_sweep")
    runs.accept(start)
    bed.wait_state(start.key.sweep_id, "running")
    one.end(signal.SIGKILL)
    runs.hello(two, running=[start.key.sweep_id])
    lost.hello(two)
    again = lost.expect("start_sweep")
    assert (again.key.sweep_id, again.at_us) == (forgotten.key.sweep_id, forgotten.at_us), "the same sweep, not another one"
    assert again.key.generation == 2
    wait_for(lambda: bed.value("select generation from natsweep.sweep where sweep_id = %s", start.key.sweep_id) == 2, "the adoption")
    runs.send(progress=messages.Progress(key=start.key, ports_done=7, ports_total=11))
    wait_for(lambda: bed.value("select ports_done from natsweep.sweep where sweep_id = %s", start.key.sweep_id) == 7,
             "progress by the old generation to count for the adopted sweep")
    assert runs.receive(0) is None, "what runs is not sent again"


def test_a_drained_collector_gives_its_lease_up(bed):
    collector = bed.collector()
    agent = bed.agent()
    agent.hello(collector)
    assert collector.end() == 0
    assert bed.value("select lease_until <= now() from natsweep.collector")


def test_a_drained_collector_sends_its_agents_away(bed):
    one, two = bed.collector("one"), bed.collector("two")
    agent = bed.agent()
    agent.hello(one)
    bed.request()
    start = agent.expect("start_sweep")
    agent.accept(start)
    bed.wait_state(start.key.sweep_id, "running")
    assert one.end() == 0
    while (farewell := agent.expect("welcome")).endpoints:
        pass  # news of the other collector
    assert (farewell.status, farewell.retry_ms) == (messages.Welcome.UNAVAILABLE, 0)
    assert "another one" in farewell.message
    agent.hello(two, running=[start.key.sweep_id])
    wait_for(lambda: bed.value("select c.name from natsweep.sweep s join natsweep.collector c using (collector_id)") == "two", "the hand-over")
    assert bed.state(start.key.sweep_id) == "running"


def test_a_namesake_takes_over_and_the_older_one_ends(bed):
    old = bed.collector("one")
    young = Collector(bed.folder / "young", bed.dsn(), "one")
    bed.collectors.append(young)
    young.start()
    assert old.process.wait(20) == EX_UNAVAILABLE
    assert "has taken over" in old.said()
    assert young.process.poll() is None


def test_an_outage_of_postgresql_is_survived(bed):
    """The server refuses everybody for a while and ends the connections there are."""
    collector = bed.collector()
    agent = bed.agent()
    agent.hello(collector)
    bed.request()
    start = agent.expect("start_sweep")
    bed.execute(f"alter role collector_{bed.database} nologin")
    bed.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", f"collector_{bed.database}")
    collector.wait_said("PostgreSQL is away")
    assert bed.stranger().enroll(collector, b"x" * 32).status == STATUS.UNAVAILABLE
    agent.accept(start)
    assert agent.hello(collector, running=[start.key.sweep_id]).status == messages.Welcome.WELCOME, "keys are in memory"
    assert bed.state(start.key.sweep_id) == "sent"
    bed.execute(f"alter role collector_{bed.database} login")
    wait_for(lambda: bed.state(start.key.sweep_id) in ("accepted", "running"), "the answer to be replayed")
    collector.wait_said("PostgreSQL is back")


def test_an_older_schema_is_refused(bed):
    bed.execute("create or replace function natsweep.schema_version() returns integer language sql as 'select 0'")
    collector = Collector(bed.folder / "one", bed.dsn(), "one")
    ended = collector.run()
    assert ended.returncode == EX_CONFIG
    assert "older than version" in ended.stderr
    assert collector.run("--check").returncode == EX_CONFIG


def test_a_database_without_the_schema_is_refused(bed, server):
    name = server.create()
    ended = Collector(bed.folder / "one", bed.dsn().replace(f"dbname={bed.database} ", f"dbname={name} "), "one").run()
    assert ended.returncode == EX_CONFIG
    assert "does not serve a collector" in ended.stderr


def test_without_a_database_it_waits(bed):
    collector = Collector(bed.folder / "one", "host=/nonexistent", "one")
    bed.collectors.append(collector)
    collector.spawn()
    collector.wait_said("PostgreSQL is away")
    assert collector.run("--check").returncode == EX_TEMPFAIL
    assert collector.end() == 0


@pytest.mark.parametrize("lines, sentence", [
    ({"listen": "tcp://*:1"}, "collector.advertise must say how agents reach"),
    ({"log_level": "loud"}, "must be error, warning, info or debug"),
    ({"nonsense": "1"}, "nonsense"),
])
def test_bad_settings_are_explained(tmp_path, lines, sentence):
    ended = Collector(tmp_path / "one", "", "one", **lines).run()
    assert ended.returncode == EX_CONFIG
    assert sentence in ended.stderr and ended.stderr.count("\n") == 1


def test_a_key_that_others_may_read_is_refused(bed):
    collector = Collector(bed.folder / "one", bed.dsn(), "one")
    collector.run("--check")
    (collector.folder / "key").chmod(0o644)
    ended = collector.run()
    assert ended.returncode == EX_CONFIG
    assert "may be read by others" in ended.stderr


def test_a_port_in_use_is_told(bed):
    first = bed.collector("one")
    ended = Collector(bed.folder / "two", bed.dsn(), "two", listen=first.endpoint).run()
    assert ended.returncode == EX_UNAVAILABLE
    assert "another program" in ended.stderr


def test_an_unknown_flag_is_bad_usage(tmp_path):
    assert Collector(tmp_path / "one", "", "one").run("--nonsense").returncode == EX_USAGE
