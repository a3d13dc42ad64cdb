"""Whatever dies on the way, every result is in the tables exactly once."""
import signal

from lab.process import wait_for

from .count import (PORT_COUNT, SLOW_PPS, assert_exactly_once, request, rows, states, wait_running, wait_spools_empty, wait_states)
from .cut import Cut, silence_peers, to_collectors


def running_fleet(fleet, sites=1, collectors=1):
    """Collectors, and agents that are online; returns the first collector and the agents."""
    started = [fleet.collector() for _ in range(collectors)]
    agents = [fleet.agent(fleet.lab.site("static_forward"), f"site{number}") for number in range(sites)]
    fleet.wait_online(*agents)
    return started[0], agents


def committed(fleet, number):
    """Whether the request's results are in the tables."""
    return all(results == 1 for results, _, _ in rows(fleet, number))


def test_nothing_happens_and_everything_arrives_once(fleet):
    running_fleet(fleet, sites=3)
    number = request(fleet)
    assert_exactly_once(fleet, number, sweeps=3)
    wait_spools_empty(fleet)


def test_a_second_look_finds_the_same(fleet):
    """At once, and by another request: the server must not take the agent for somebody else on the same ports."""
    running_fleet(fleet)
    for options in ({}, {"patience_s": 600}):
        assert_exactly_once(fleet, request(fleet, **options))
    outcomes = fleet.database.sql("select p.verdict, count(*) from natsweep.port_result p group by 1")
    assert outcomes == [{"verdict": "pass", "count": 2 * PORT_COUNT}]


def test_the_agent_is_killed_in_the_midst_of_a_sweep(fleet):
    _, (agent,) = running_fleet(fleet)
    first = request(fleet, pace=SLOW_PPS)
    wait_running(fleet, first)
    agent.kill()
    agent.start()
    fleet.wait_online(agent)
    # It never runs a sweep twice: what it began is over, and nothing of it is counted as a judgement.
    wait_for(lambda: set(states(fleet, first)) <= {"failed", "lost"}, "the sweep to be given up", 60)
    second = request(fleet)
    assert_exactly_once(fleet, second)
    assert set(states(fleet, first)) <= {"failed", "lost"}
    wait_spools_empty(fleet)


def test_the_agent_is_killed_before_the_ack_reaches_it(fleet):
    collector, (agent,) = running_fleet(fleet)
    number = request(fleet, pace=SLOW_PPS)
    wait_running(fleet, number)
    assert silence_peers(fleet.lab.internet, collector.address) == 1
    wait_for(lambda: committed(fleet, number), "the report to be stored")
    agent.kill()
    agent.start()
    fleet.wait_online(agent)
    wait_spools_empty(fleet)
    assert_exactly_once(fleet, number)


def test_the_collector_is_killed_between_commit_and_ack(fleet):
    collector, (agent,) = running_fleet(fleet)
    number = request(fleet, pace=SLOW_PPS)
    wait_running(fleet, number)
    assert silence_peers(fleet.lab.internet, collector.address) == 1
    wait_for(lambda: committed(fleet, number), "the report to be stored")
    collector.kill()
    collector.start()
    fleet.wait_online(agent)
    wait_spools_empty(fleet)
    assert_exactly_once(fleet, number)


def test_the_collector_is_killed_while_agents_sweep(fleet):
    collector, agents = running_fleet(fleet, sites=3)
    number = request(fleet, pace=SLOW_PPS)
    wait_running(fleet, number)
    collector.kill()
    collector.start()
    fleet.wait_online(*agents)
    assert_exactly_once(fleet, number, sweeps=3)
    wait_spools_empty(fleet)


def test_postgresql_crashes_while_agents_sweep(fleet):
    _, agents = running_fleet(fleet, sites=3)
    number = request(fleet, pace=SLOW_PPS)
    wait_running(fleet, number)
    fleet.database.crash()
    for agent in agents:
        agent.wait_spooled()
    fleet.database.start()
    assert_exactly_once(fleet, number, sweeps=3)
    wait_spools_empty(fleet)


def test_the_network_is_cut_while_agents_sweep(fleet):
    _, agents = running_fleet(fleet, sites=3)
    number = request(fleet, pace=SLOW_PPS)
    wait_running(fleet, number)
    with Cut(fleet.lab.internet, to_collectors()):
        for agent in agents:
            agent.wait_spooled()
        assert not committed(fleet, number)
    assert_exactly_once(fleet, number, sweeps=3)
    wait_spools_empty(fleet)


def serving(fleet):
    """The collectors that agents are connected to."""
    rows = fleet.database.sql("select distinct c.name from natsweep.agent_seen join natsweep.collector c using (collector_id) where connected")
    return [collector for collector in fleet.collectors if collector.name in {row["name"] for row in rows}]


def test_one_of_two_collectors_is_killed(fleet):
    _, agents = running_fleet(fleet, sites=4, collectors=2)
    number = request(fleet, pace=SLOW_PPS)
    wait_running(fleet, number)
    served = serving(fleet)
    served[0].kill()
    assert_exactly_once(fleet, number, sweeps=4)
    wait_spools_empty(fleet)
    fleet.wait_online(*agents)
    wait_for(lambda: served[0] not in serving(fleet), "the agents to be known to be at another collector")


def test_a_sweep_for_an_agent_that_is_away_waits_and_then_expires(fleet):
    _, (agent,) = running_fleet(fleet)
    agent.stop()
    number = request(fleet, expires_s=1)
    wait_states(fleet, number, {"expired": 1})
    agent.start()
    fleet.wait_online(agent)
    assert rows(fleet, number) == [(0, 0, 0)]


def test_a_stopped_agent_does_not_run_what_has_expired(fleet):
    """The command has reached the host: its kernel took it, and the agent finds it when it runs again."""
    _, (agent,) = running_fleet(fleet)
    agent.process.send_signal(signal.SIGSTOP)
    number = request(fleet, expires_s=2)
    wait_states(fleet, number, {"sent": 1})
    gone = "select count(*) from natsweep.agent_seen where connected"
    wait_for(lambda: fleet.database.value(gone) == 0, "the agent to be missed", 30)
    agent.process.send_signal(signal.SIGCONT)
    fleet.wait_online(agent)
    wait_states(fleet, number, {"expired": 1})
    assert agent.status()["last_sweep"] == 0
    assert_exactly_once(fleet, request(fleet))
    assert rows(fleet, number) == [(0, 0, 0)]


def test_a_cancelled_sweep_stops_and_is_stored_once(fleet):
    running_fleet(fleet)
    number = request(fleet, pace=SLOW_PPS)
    wait_running(fleet, number)
    fleet.database.execute(f"select natsweep.cancel_request({number})")
    wait_states(fleet, number, {"cancelled": 1})
    wait_spools_empty(fleet)
    assert all(ports in (0, PORT_COUNT) and ports == different for _, ports, different in rows(fleet, number))
