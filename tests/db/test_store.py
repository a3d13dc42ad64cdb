"""A real store writer against a real database: every report has one fate, whatever happens on the way."""
import os
import subprocess

import pytest

from conftest import TOP

PROBE = os.path.join(TOP, "build", "dev", "bin", "store_probe")
PORTS = "5060/udp,9000-9099/udp,5061/tcp"
KINDS = ("supported", "partial", "closed", "lossy", "symmetric", "not_tested", "random")


class Store:
    """A fleet of ten sites with a claimed sweep each, and a writer that stores reports as a collector's login role."""

    def __init__(self, server, database):
        self.server, self.database = server, database
        self.connection = server.connect(database)
        self.execute("create role store_test login in role natsweep_collector password 'secret'")
        for statement in ("select natsweep.create_customer('Acme')", "select natsweep.set_vantage('first', '203.0.113.10')",
                          "select natsweep.create_token('Acme', null, sha256('token'), 100)"):
            self.execute(statement)
        for number in range(10):
            self.execute("select * from natsweep.enroll_agent(sha256('token'), sha256(%s), %s, '1.0')", str(number).encode(), f"site-{number}")
        self.execute("update natsweep.agent set state = 'active'")
        collector = self.rows("select natsweep.collector_start('one', 1, '1.0')")[0][0]
        self.execute("""select natsweep.request_sweep('{"all": true}', %s)""", PORTS)
        self.execute("select * from natsweep.claim_sweeps(%s, (select array_agg(agent_id) from natsweep.agent), 100)", collector)
        self.sweeps = self.rows("select agent_id, site_id, sweep_id, natsweep.to_us(at) from natsweep.sweep order by sweep_id")
        environment = server.environment
        dsn = f"host={environment['PGHOST']} port={environment['PGPORT']} dbname={database} user=store_test password=secret"
        # pylint: disable-next=consider-using-with
        self.probe = subprocess.Popen([PROBE, dsn], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def execute(self, statement, *values):
        cursor = self.connection.cursor()
        cursor.execute(statement, values or None)
        return cursor

    def rows(self, query, *values):
        return self.execute(query, *values).fetchall()

    def send(self, number, kind="supported", seed=1, ports=PORTS, sweep=None):
        """Hands over the report of a site's sweep, or one that says it is of another sweep."""
        agent, site, own, at_us = self.sweeps[number]
        self.probe.stdin.write(f"{agent} {site} {sweep or own} {at_us} {kind} {seed} {ports}\n")

    def ask(self):
        """Asks for the fates of what was sent."""
        self.probe.stdin.write(".\n")
        self.probe.stdin.flush()

    def fates(self):
        """Waits for them: lists of sweep, batch, fate, message."""
        return [line.rstrip("\n").split(" ", 3) for line in iter(self.probe.stdout.readline, ".\n")]

    def store(self):
        self.ask()
        return self.fates()

    def log_line(self, part):
        """Waits for a line of the writer's log."""
        for line in self.probe.stderr:
            if part in line:
                return line
        raise AssertionError(f"the writer ended without a line about {part}")

    def end(self):
        self.probe.stdin.close()
        self.probe.stdout.close()
        self.probe.stderr.close()
        code = self.probe.wait()
        self.connection.close()
        owner = self.server.connect(self.database).cursor()
        owner.execute("drop owned by store_test; drop role store_test")
        return code


@pytest.fixture
def store(server, database):
    """The writer and its fleet."""
    running = Store(server, database)
    yield running
    assert running.end() == 0


def test_each_report_once(store):
    for _ in range(3):
        for number, kind in enumerate(KINDS):
            store.send(number, kind)
    fates = store.store()
    assert len(fates) == 3 * len(KINDS) and {fate[2] for fate in fates} == {"stored"}
    assert store.rows("select count(*), count(distinct (site_id, sweep_id)) from natsweep.sweep_result") == [(len(KINDS), len(KINDS))]
    assert store.rows("select count(*), count(distinct (site_id, sweep_id, transport, port)) from natsweep.port_result") == [
        (102 * len(KINDS), 102 * len(KINDS))]
    assert store.rows("select state, count(*) from natsweep.sweep group by state order by state") == [
        ("cancelled", 1), ("done", len(KINDS) - 1), ("sent", 10 - len(KINDS))]


def test_evidence_comes_back(store):
    for number, kind in enumerate(KINDS):
        store.send(number, kind)
    store.store()

    def of(kind, columns, more=""):
        sweep = store.sweeps[KINDS.index(kind)][2]
        return store.rows(f"select {columns} from natsweep.port_result where sweep_id = %s {more}", sweep)

    assert of("supported", "distinct verdict, role, live, unsolicited, preserved, attempts") == [("pass", "other", True, True, True, 3)]
    assert of("supported", "mapped, transport", "and port = 5060") == [("203.0.113.2:5060", "udp")]
    assert of("supported", "count(*), bool_and(rtt_us between 15000 and 90000)") == [(102, True)]
    assert of("partial", "verdict, count(*)", "group by verdict order by verdict") == [("closed", 24), ("pass", 78)]
    assert of("lossy", "min(attempts), max(attempts) > 6, count(distinct attempts) > 3") == [(3, True, True)]
    assert of("symmetric", "bool_and(mapped_port <> port), bool_and(mapped_port >= 1024)") == [(True, True)]
    assert of("not_tested", "distinct verdict, reason, mapped, rtt_us, attempts, owner::text") == [("not_tested", "cancelled", None, None, None, None)]
    assert of("random", "count(owner) > 0, bool_and(owner ->> 'name' like 'program-%%') , count(distinct mapped_address) > 1") == [(True, True, True)]
    result = store.rows("""
        select message, advice[1], warnings -> 0 ->> 'code', server_name, host(server_address), server_port, host(public_address), family,
          duration_us, natsweep.to_us(started_at), sip_alg, sip_alg_diff, binding_lifetime_s, hairpin, double_nat, forwarding
        from natsweep.sweep_result where sweep_id = %s""", store.sweeps[0][2])
    assert result == [(
        "102 ports were tested against stun.example.net.", "Forward the ports to the PBX.", "second_address_slow", "stun.example.net",
        "203.0.113.10", 3478, "203.0.113.2", 4, 5432101, 1767225600123456, True,
        "-Via: SIP/2.0/UDP 192.168.77.2\n+Via: SIP/2.0/UDP 203.0.113.2", 180, False, None, 1)]


def test_a_large_sweep_in_batches(store):
    store.send(0, "partial", ports="1-20000/udp")
    assert [fate[2] for fate in store.store()] == ["stored"] * 5
    assert store.rows("select port_count, pass_count + fail_count, forwarding from natsweep.sweep_result") == [(20000, 20000, 2)]
    assert store.rows("select count(*), sum(port) from natsweep.port_current") == [(20000, 20000 * 20001 // 2)]


# How the agent gets from ports to an outcome, over what the views say. 443 and 5001 stand in for each other.
OUTCOME_OF_PORTS = """
    with alternative as materialized (
      select sweep_id, bool_or(as_expected) as works from natsweep.port_result
      where transport = 'tcp' and port in (443, 5001)
      group by sweep_id)
    select r.sweep_id, case
        when not bool_or(p.as_expected is not null) then 'not_run'
        when not bool_and(p.as_expected is not false) then case when bool_or(p.as_expected) then 'partial' else 'unsupported' end
        when bool_or(p.verdict = 'inconclusive' and not (p.transport = 'tcp' and p.port in (443, 5001) and coalesce(g.works, false))) then 'inconclusive'
        else 'supported' end as outcome,
      count(*) filter (where p.as_expected) as pass, count(*) filter (where not p.as_expected) as fail
    from natsweep.sweep_result r
    join natsweep.port_result p on p.site_id = r.site_id and p.at = r.at and p.sweep_id = r.sweep_id
    left join alternative g on g.sweep_id = r.sweep_id
    group by r.sweep_id"""


@pytest.mark.parametrize("ports, samples, batches", [("@3cx", 60, 1), ("@3cx,1-442/tcp,444-5000/tcp", 16, 2)])
def test_the_database_judges_as_the_agent_does(store, ports, samples, batches):
    first = len(store.sweeps)
    store.execute("select natsweep.request_sweep('{\"site\": \"site-1\"}', %s)", ports)
    store.sweeps += store.rows("""
        insert into natsweep.sweep (request_id, site_id, agent_id, state, expires_at, at)
        select s.request_id, s.site_id, s.agent_id, 'running', now(), now() - n * interval '1 s'
        from (select * from natsweep.sweep order by sweep_id desc limit 1) s, generate_series(1, %s) n
        returning agent_id, site_id, sweep_id, natsweep.to_us(at)""", samples)
    for number in range(samples):
        store.send(first + number, "judged", seed=number, ports=ports)
    lines = store.store()
    agents = {int(line[0]): line[2] for line in lines if line[1] == "outcome"}
    assert [line[2] for line in lines if line[1] != "outcome"] == ["stored"] * samples * batches
    assert len(set(agents.values())) >= 3, "the samples are too much alike"
    store.execute("delete from natsweep.port_evidence")  # the verdicts are what counts here, and without it the view is quick
    judged = {row[0]: row[1:] for row in store.rows(OUTCOME_OF_PORTS)}
    assert {sweep: row[0] for sweep, row in judged.items()} == agents
    assert {row[0]: row[1:] for row in store.rows("select sweep_id, pass_count, fail_count from natsweep.sweep_result")} == {
        sweep: row[1:] for sweep, row in judged.items()}
    spared = store.rows("""
        select count(*), bool_and(message like '%%It is not needed%%') from natsweep.port_result
        where verdict in ('closed', 'refused', 'dynamic') and as_expected and expect = 'open' and port in (443, 5001)""")
    assert spared[0][0] > 0 and spared[0][1]
    unwanted = store.rows("""
        select count(*) from natsweep.sweep_result r cross join lateral (
          select count(*) filter (where coalesce(p.unsolicited, p.inbound)) as yes,
            count(*) filter (where not coalesce(p.unsolicited, p.inbound) and (not p.as_expected or p.verdict = 'pass')) as no
          from natsweep.port_result p
          where p.site_id = r.site_id and p.at = r.at and p.sweep_id = r.sweep_id and p.expect = 'open' and p.as_expected is not null) as n
        where r.forwarding is distinct from natsweep.forwarding(n.yes, n.no)""")
    assert unwanted == [(0,)]
    store.execute("select natsweep.judge(1000)")
    assert store.rows("select count(*) from natsweep.judge_due") == [(0,)]


def test_bad_reports_are_rejected_alone(store):
    store.send(0)
    store.send(1, "damaged")
    store.send(2, sweep=store.sweeps[3][2])
    store.send(3)
    fates = {(fate[0], fate[2]): fate[3] for fate in store.store()}
    own = [str(sweep) for _, _, sweep, _ in store.sweeps]
    assert (own[0], "stored") in fates and (own[3], "stored") in fates
    assert fates[own[1], "rejected"] == "a field of the message is out of range"
    assert fates[own[3], "rejected"] == "there is no such sweep of this site"
    assert store.rows("select sweep_id::text, site_id, octet_length(payload) > 100 from natsweep.rejected_report order by site_id") == [
        (own[1], store.sweeps[1][1], True), (own[3], store.sweeps[2][1], True)]
    assert store.rows("select state from natsweep.sweep where sweep_id = %s", store.sweeps[1][2]) == [("sent",)]


def test_values_the_database_refuses_do_not_block_the_others(store):
    refused = store.sweeps[4]
    store.execute(f"alter table natsweep.sweep_result add constraint refuse_one check (site_id <> {refused[1]})")
    for number in range(10):
        store.send(number)
    fates = store.store()
    assert sorted(fate[2] for fate in fates) == ["rejected"] + ["stored"] * 9
    assert [fate[0] for fate in fates if "refuse_one" in fate[3]] == [str(refused[2])]
    assert store.rows("select sweep_id from natsweep.rejected_report") == [(refused[2],)]


def test_a_broken_schema_is_waited_for(store):
    store.execute("alter function natsweep.store_reports rename to hidden")
    store.send(0)
    store.ask()
    assert "trying again" in store.log_line("cannot store 1 reports")
    store.execute("alter function natsweep.hidden rename to store_reports")
    assert [fate[2] for fate in store.fates()] == ["stored"]


def test_connections_that_break_lose_nothing(store):
    store.send(0)
    store.store()
    store.execute("alter role store_test nologin")
    store.execute("select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename = 'store_test'")
    for number in range(10):
        store.send(number)
    store.ask()
    store.log_line("PostgreSQL is away")
    store.execute("alter role store_test login")
    assert {fate[2] for fate in store.fates()} == {"stored"}
    assert store.rows("select count(*), count(distinct sweep_id) from natsweep.sweep_result") == [(10, 10)]
