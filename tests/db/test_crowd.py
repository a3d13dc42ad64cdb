"""A few hundred agents that all come at once, and come back at once when their collector dies in the midst of their work."""
import signal

import pytest
from crowd import Crowd
from test_collector import bed  # noqa: F401 (a fixture)
from test_watch import metrics, watched

AGENTS = 300
PORTS = "5060/udp,9000-9009/udp"
# A wait for the longest of the first waits between two attempts, twice over, on a busy machine.
PATIENCE_S = 120

ENROL = """
with token as (select t.token_id, t.customer_id from natsweep.enroll_token t), new_site as (
  insert into natsweep.site (customer_id, name) select t.customer_id, 'site-' || n from token t, generate_series(1, %s) n
  returning site_id, name)
insert into natsweep.agent (site_id, public_key, state, token_id, hostname)
select s.site_id, k.key, 'active', t.token_id, s.name
from unnest(%s::bytea[]) with ordinality as k (key, n) join new_site s on s.name = 'site-' || k.n, token t"""


@pytest.fixture
def crowd(tmp_path):
    """Agents that are not yet enrolled."""
    made = Crowd(tmp_path / "crowd", PORTS, AGENTS)
    yield made
    made.close()


def enrol(bed, keys):  # noqa: F811
    """Makes an agent of each key, one a site."""
    bed.token()
    bed.execute(ENROL, len(keys), keys)


def known(bed):  # noqa: F811
    """How many agents the database believes to be connected."""
    return bed.value("select count(*) from natsweep.agent_status where online")


def numbers(bed):  # noqa: F811
    """(sweeps by state, results, different sweeps with a result)."""
    states = dict(bed.execute("select state, count(*) from natsweep.sweep group by state").fetchall())
    return states, *bed.execute("select count(*), count(distinct sweep_id) from natsweep.sweep_result").fetchone()


def test_a_fleet_comes_back_at_once_and_nothing_is_lost(bed, crowd):  # noqa: F811
    collector, port = watched(bed, sections="[agents]\nheartbeat_ms = 5000\n")
    enrol(bed, crowd.keys())
    crowd.join(collector.endpoint, collector.public_key().decode())
    crowd.wait(lambda count: count.online == AGENTS, PATIENCE_S)
    crowd.wait(lambda _: known(bed) == AGENTS, PATIENCE_S)

    bed.request()
    crowd.wait(lambda count: count.begun > 0, PATIENCE_S)
    collector.end(signal.SIGKILL)
    crowd.wait(lambda count: count.online == 0, PATIENCE_S)
    collector.start()
    crowd.wait(lambda count: count.online == count.begun == AGENTS and count.spooled == 0, PATIENCE_S)
    crowd.wait(lambda _: known(bed) == AGENTS and numbers(bed) == ({"done": AGENTS}, AGENTS, AGENTS), PATIENCE_S)
    assert crowd.count().lost == 0

    # Each came once, and stays: every heartbeat is read and answered.
    sessions = crowd.count().sessions
    before = metrics(port)["natsweep_frames_received_total{kind=\"heartbeat\"}"]
    crowd.wait(lambda _: metrics(port)["natsweep_frames_received_total{kind=\"heartbeat\"}"] >= before + 2 * AGENTS, PATIENCE_S)
    assert crowd.count() == (AGENTS, sessions, AGENTS, 0, 0)
    assert metrics(port)["natsweep_agents_connected"] == AGENTS


def test_agents_that_stay_away_are_missed_and_counted_when_they_return(bed, crowd):  # noqa: F811
    """All freeze together, as on one host that swaps; the collector misses all, and all come back by themselves."""
    collector, port = watched(bed, sections="[agents]\nheartbeat_ms = 2000\nheartbeat_misses = 3\n")
    enrol(bed, crowd.keys())
    crowd.join(collector.endpoint, collector.public_key().decode())
    crowd.wait(lambda count: count.online == AGENTS and known(bed) == AGENTS, PATIENCE_S)
    crowd.signal(signal.SIGSTOP)
    crowd.wait(lambda _: known(bed) == 0 and metrics(port)["natsweep_agents_connected"] == 0, PATIENCE_S)
    bed.request()
    crowd.signal(signal.SIGCONT)
    crowd.wait(lambda count: count.online == count.begun == AGENTS and count.sessions >= 2 * AGENTS and count.spooled == 0, PATIENCE_S)
    crowd.wait(lambda _: known(bed) == AGENTS and numbers(bed) == ({"done": AGENTS}, AGENTS, AGENTS), PATIENCE_S)
