"""Several sessions at once: nothing is handed out twice, nothing is forgotten."""
import threading

import pytest

AGENTS = 10000


def run_together(*jobs):
    """Runs jobs at the same time and returns what they return; the first error is raised."""
    answers, errors = [None] * len(jobs), []
    barrier = threading.Barrier(len(jobs))

    def run(place, job):
        try:
            barrier.wait()
            answers[place] = job()
        except Exception as error:  # pylint: disable=broad-except
            errors.append(error)

    threads = [threading.Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return answers


class Fleet:
    """A database with a fleet of agents and two collectors."""

    def __init__(self, server, database, agents):
        self.server, self.database = server, database
        self.connection = self.connect()
        self.value("select natsweep.create_customer('Acme')")
        self.value("select natsweep.set_vantage('first', '203.0.113.10')")
        self.value("select natsweep.create_token('Acme', null, sha256('token'), %s)", max(agents, 1))
        self.execute("""
            insert into natsweep.site (customer_id, name)
            select c.customer_id, 'site-' || n from natsweep.customer c, generate_series(1, %s) n""", agents)
        self.execute("""
            insert into natsweep.agent (site_id, public_key, state, token_id, hostname)
            select s.site_id, sha256(s.name::text::bytea), 'active', t.token_id, s.name
            from natsweep.site s, natsweep.enroll_token t""")
        self.agents = self.value("select coalesce(array_agg(agent_id), '{}') from natsweep.agent")
        self.collectors = [self.value("select natsweep.collector_start(%s, 1, '1.0')", name) for name in ("one", "two")]

    def connect(self, role=None):
        return self.server.connect(self.database, role)

    def execute(self, statement, *values, on=None):
        cursor = (on or self.connection).cursor()
        cursor.execute(statement, values or None)
        return cursor

    def rows(self, query, *values, on=None):
        return self.execute(query, *values, on=on).fetchall()

    def value(self, query, *values, on=None):
        return self.rows(query, *values, on=on)[0][0]

    def claim(self, collector, count, on=None):
        """The sweeps a collector gets when it asks for all agents."""
        return [row[0] for row in self.rows("select sweep_id from natsweep.claim_sweeps(%s, %s, %s)", collector, self.agents, count, on=on)]

    def request(self):
        return self.value("""select natsweep.request_sweep('{"all": true}', '5060/udp')""")

    def states(self):
        return dict(self.rows("select state, count(*) from natsweep.sweep group by state"))


@pytest.fixture
def make_fleet(server, database):
    return lambda agents: Fleet(server, database, agents)


def test_claims_do_not_overlap(make_fleet):
    fleet = make_fleet(AGENTS)
    fleet.request()

    def claim_all(collector):
        connection, claimed = fleet.connect(), []
        while batch := fleet.claim(collector, 500, on=connection):
            claimed += batch
        return claimed

    one, two = run_together(*(lambda c=c: claim_all(c) for c in fleet.collectors))
    # A session that finds the rest locked by the other one stops early: what is left is there for whoever asks next.
    rest = claim_all(fleet.collectors[0])
    assert one and two, "both sessions had work"
    assert len(one) + len(two) + len(rest) == len(set(one + two + rest)) == AGENTS
    assert fleet.states() == {"sent": AGENTS}
    assert fleet.rows("select distinct generation from natsweep.sweep") == [(1,)]


def test_cancel_against_claims(make_fleet):
    fleet = make_fleet(300)
    connections = [fleet.connect(), fleet.connect()]
    for _ in range(5):
        request = fleet.request()
        claimed, cancelled = run_together(
            lambda: sum((fleet.claim(fleet.collectors[0], 10, on=connections[0]) for _ in range(30)), []),
            lambda: fleet.value("select natsweep.cancel_request(%s)", request, on=connections[1]))
        assert cancelled == 300
        assert fleet.states().keys() == {"cancelled"}, "a claim that was first is cancelled all the same"
        told = {row[0] for row in fleet.rows("select sweep_id from natsweep.sweeps_to_cancel(%s)", fleet.collectors[0])}
        fleet.rows("select natsweep.cancels_told(%s, %s)", fleet.collectors[0], list(told))
        assert told == set(claimed), "and its agent is told"


def test_cancel_waits_for_a_claim(make_fleet):
    fleet = make_fleet(1)
    request = fleet.request()
    claiming, cancelling = fleet.connect(), fleet.connect()
    claiming.autocommit = False
    assert len(fleet.claim(fleet.collectors[0], 1, on=claiming)) == 1
    canceller = threading.Thread(target=lambda: fleet.value("select natsweep.cancel_request(%s)", request, on=cancelling))
    canceller.start()
    while not fleet.value("select exists (select from pg_locks where not granted)"):
        pass
    claiming.commit()
    canceller.join()
    assert fleet.rows("select state, tell_agent from natsweep.sweep") == [("cancelled", True)]


def test_a_token_is_used_once(make_fleet):
    fleet = make_fleet(0)
    fleet.value("select natsweep.create_token('Acme', null, sha256('once'), 1)")

    def enroll(key):
        return fleet.value("select status from natsweep.enroll_agent(sha256('once'), sha256(%s::bytea), 'pbx', '1.0')", key, on=fleet.connect())

    answers = run_together(*(lambda key=f"key-{n}": enroll(key) for n in range(8)))
    assert sorted(answers) == ["enrolled"] + ["token_used"] * 7
    again = run_together(*(lambda: enroll(f"key-{answers.index('enrolled')}") for _ in range(4)))
    assert again == ["enrolled"] * 4
    assert fleet.value("select count(*) from natsweep.agent") == 1


def test_one_key_with_two_tokens(make_fleet):
    fleet = make_fleet(0)
    for token in ("left", "right"):
        fleet.value("select natsweep.create_token('Acme', null, sha256(%s::bytea), 1)", token)
    answers = run_together(*(
        lambda t=token: fleet.value("select status from natsweep.enroll_agent(sha256(%s::bytea), sha256('key'), 'pbx', '1.0')", t, on=fleet.connect())
        for token in ("left", "right")))
    assert sorted(answers) == ["enrolled", "key_known"]
    assert fleet.rows("select uses_left from natsweep.enroll_token where token_hash <> sha256('token') order by 1") == [(0,), (1,)]


def test_hosts_of_one_name_enroll_together(make_fleet):
    fleet = make_fleet(0)

    def enroll(number):
        connection = fleet.connect()
        fleet.value("select natsweep.create_token('Acme', null, sha256(%s::bytea), 1)", f"t{number}", on=connection)
        return fleet.value("select site from natsweep.enroll_agent(sha256(%s::bytea), sha256(%s::bytea), 'pbx', '1.0')",
                           f"t{number}", f"k{number}", on=connection)

    names = run_together(*(lambda n=n: enroll(n) for n in range(6)))
    assert sorted(names) == ["pbx", "pbx-2", "pbx-3", "pbx-4", "pbx-5", "pbx-6"]


def test_one_tick_at_a_time(make_fleet):
    fleet = make_fleet(50)
    fleet.request()
    fleet.execute("update natsweep.sweep set expires_at = now()")
    changed = run_together(*(lambda: fleet.value("select natsweep.tick()", on=fleet.connect()) for _ in range(4)))
    assert sum(changed) == 50
    assert fleet.states() == {"expired": 50}


def test_requests_and_cancels_notify(make_fleet):
    fleet = make_fleet(1)
    listener = fleet.connect()
    fleet.execute("listen natsweep_work", on=listener)
    request = fleet.request()
    fleet.value("select natsweep.cancel_request(%s)", request)
    fleet.execute("select 1", on=listener)
    assert [notice.channel for notice in listener.notifies] == ["natsweep_work"] * 2


def test_who_signs_in_counts(make_fleet):
    fleet = make_fleet(2)
    fleet.execute("""
        select natsweep.create_customer('Beta');
        select natsweep.create_site('Beta', 'bonn');
        select natsweep.add_user('viewer_of_beta', 'SCRAM-SHA-256$4096:c2FsdA==$a2V5:a2V5', 'Beta', 'viewer')""")
    viewer = fleet.connect("viewer_of_beta")
    assert fleet.rows("select customer, site from natsweep.site_status", on=viewer) == [("Beta", "bonn")]
    fleet.execute("set role natsweep_viewer", on=viewer)
    assert fleet.rows("select customer, site from natsweep.site_status", on=viewer) == [("Beta", "bonn")]


def test_last_batches_stored_at_once(make_fleet):
    """Two transactions that do not see each other's batch: the later one ends the sweep."""
    fleet = make_fleet(1)
    fleet.request()
    fleet.claim(fleet.collectors[0], 1)

    def store(batch, outcome, on):
        return fleet.value("""
            select status
            from natsweep.sweep s, natsweep.store_reports(array[jsonb_populate_record(null::natsweep.report_in, jsonb_build_object(
              'item', 1, 'site_id', s.site_id, 'sweep_id', s.sweep_id, 'at_us', natsweep.to_us(s.at), 'batch', %s, 'batches', 2,
              'plan', '{"(1,5060,5060,1,1,0)"}', 'port_count', 1, 'pass_count', 1, 'fail_count', 0, 'unjudged_count', 0,
              'forwarded_count', 1, 'unforwarded_count', 0, 'outcome', %s::integer, 'family', 4, 'message', '', 'advice', '[]'::jsonb,
              'warnings', '[]'::jsonb, 'started_at_us', 0, 'duration_us', 0))], '{}', '{}')""", batch, outcome, on=on)

    earlier, later = fleet.connect(), fleet.connect()
    earlier.autocommit = False
    assert store(0, None, earlier) == "stored"
    storing = threading.Thread(target=lambda: store(1, 1, later))
    storing.start()
    while storing.is_alive() and not fleet.value("select exists (select from pg_locks where not granted)"):
        pass
    earlier.commit()
    storing.join()
    assert fleet.states() == {"done": 1}
    assert fleet.rows("select port_count, pass_count from natsweep.sweep_result") == [(2, 2)]


def test_a_forgotten_reader_holds_nobody_up(make_fleet):
    """A viewer's transaction stays open: months are made all the same, and old ones dropped when it has ended."""
    fleet = make_fleet(1)
    months = "select count(*) from pg_inherits where inhparent in ('natsweep.port_verdict'::regclass, 'natsweep.port_evidence'::regclass)"
    old = "select to_regclass('natsweep.port_evidence_2001_01') is not null"
    complete = fleet.value(months)
    fleet.execute("""
        select natsweep.add_user('reader_of_acme', 'SCRAM-SHA-256$4096:c2FsdA==$a2V5:a2V5', 'Acme', 'viewer');
        create table natsweep.port_evidence_2001_01 partition of natsweep.port_evidence for values from ('2001-01-01') to ('2001-02-01')""")
    fleet.execute("do $$ begin execute 'drop table natsweep.port_verdict' || to_char(now() at time zone 'utc' + '1 month', '_YYYY_MM'); end $$")
    reader = fleet.connect("reader_of_acme")
    reader.autocommit = False
    assert fleet.rows("select * from natsweep.port_result union all select * from natsweep.port_result where at < '2002-01-01'", on=reader) == []
    fleet.execute("set statement_timeout = '10s'")
    assert fleet.value("select natsweep.tick()") >= 1
    assert fleet.value(months) == complete + 1 and fleet.value(old)
    reader.commit()
    fleet.value("select natsweep.tick()")
    assert fleet.value(months) == complete and not fleet.value(old)
    assert fleet.rows("select relname from pg_class where relname like 'port_verdict_2%%' and relkind = 'r' and not relforcerowsecurity") == []


def test_budgets_hold_when_collectors_claim_at_once(make_fleet):
    fleet = make_fleet(200)
    fleet.value("""select natsweep.request_sweep('{"all": true}', '5060/udp', '{"in_flight": 30}')""")
    run_together(*(lambda c=c: fleet.claim(c, 100, on=fleet.connect()) for c in fleet.collectors * 2))
    assert fleet.states() == {"sent": 30, "queued": 170}
