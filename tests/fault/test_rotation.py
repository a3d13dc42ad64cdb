"""Keys and secrets are replaced under a fleet that goes on working: the steps of deploy/guides/key-rotation.md."""
import json
import os
import signal

import pytest

from lab import OPEN_INTERNET
from lab.fleet import Agent, write_file
from lab.process import RunError, wait_for
from lab.vantage import Vantage

from .count import SLOW_PPS, assert_exactly_once, request, wait_running, wait_spools_empty, wait_states

SECRET, NEW_SECRET = "correct horse battery", "staple"
# A collector reads every ten seconds where the others are, and tells its agents.
TOLD_S = 40


def running_fleet(fleet, collectors=1, sites=3):
    """Collectors and agents that are online."""
    started = [fleet.collector() for _ in range(collectors)]
    agents = fleet.crowd([fleet.lab.site(OPEN_INTERNET) for _ in range(sites)])
    fleet.wait_online(*agents)
    return started, agents


def known_keys(agent):
    """How many keys of collectors an agent holds."""
    with open(f"{agent.folder}/state/enrolment.conf", encoding="utf-8") as file:
        return file.read().count("server_key")


def key_step(collector, step):
    """A step on a collector's host."""
    return collector.machine.run(*collector.command, step)


def collectors_listed(fleet):
    """natsweep collector list, by name."""
    return {row["collector"]: row for row in json.loads(fleet.natsweep("collector", "list", "--format", "json"))}


def restart(collector):
    """As systemd does."""
    assert collector.stop() == 0
    collector.start()


def test_a_collectors_key_is_replaced(fleet):
    (one, two), agents = running_fleet(fleet, collectors=2)
    key_step(one, "--make-next-key")
    one.process.send_signal(signal.SIGHUP)
    wait_for(lambda: all(known_keys(agent) == 3 for agent in agents), "every agent to know the key to come", TOLD_S)
    # One that was away knows the old key only, and an operator sees that.
    query = "update natsweep.agent_seen set last_seen = now() - interval '1 day' where agent_id = (select min(agent_id) from natsweep.agent)"
    fleet.database.execute(query)
    assert collectors_listed(fleet)[one.name]["agents_behind"] >= 1
    key_step(one, "--use-next-key")
    restart(one)
    fleet.wait_published(one)
    wait_for(lambda: all(known_keys(agent) == 2 for agent in agents), "every agent to forget the old key", TOLD_S)
    two.stop()
    fleet.wait_online(*agents)
    assert_exactly_once(fleet, request(fleet), sweeps=len(agents))


def test_the_key_of_the_only_collector_is_replaced(fleet):
    (one,), agents = running_fleet(fleet)
    key_step(one, "--make-next-key")
    with pytest.raises(RunError, match="no agent has been told"):
        key_step(one, "--use-next-key")
    one.process.send_signal(signal.SIGHUP)
    wait_for(lambda: all(known_keys(agent) == 2 for agent in agents), "every agent to know the key to come", TOLD_S)
    key_step(one, "--use-next-key")
    restart(one)
    wait_for(lambda: all(known_keys(agent) == 1 for agent in agents), "every agent to be back by the new key", TOLD_S)
    fleet.wait_online(*agents)
    assert_exactly_once(fleet, request(fleet), sweeps=len(agents))
    wait_spools_empty(fleet)


def serve_secrets(fleet, *secrets):
    """Restarts the vantage with these secrets."""
    fleet.vantage.stop()
    fleet.vantage = Vantage(fleet.lab, secret="\n".join(secrets))


def test_the_turn_secret_is_replaced_without_a_restart_of_the_collector(fleet):
    (one,), agents = running_fleet(fleet)
    pid = one.pid
    serve_secrets(fleet, SECRET, NEW_SECRET)
    assert_exactly_once(fleet, request(fleet), sweeps=len(agents))
    write_file(os.path.join(one.folder, "turn-secret"), NEW_SECRET + "\n")
    one.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "has read its secrets again" in open(one.log, encoding="utf-8").read(), "the collector to read it")
    serve_secrets(fleet, NEW_SECRET)
    assert_exactly_once(fleet, request(fleet), sweeps=len(agents))
    assert fleet.database.value("select count(*) from natsweep.port_result where verdict <> 'pass'") == 0
    assert one.running() and one.pid == pid


def test_agents_make_themselves_new_keys(fleet):
    _, agents = running_fleet(fleet)
    query = "select count(distinct public_key) from natsweep.agent where encode(public_key, 'hex') in ({})"
    old = ", ".join(f"'{row['key']}'" for row in fleet.database.sql("select encode(public_key, 'hex') as key from natsweep.agent"))
    number = request(fleet, pace=SLOW_PPS)
    wait_running(fleet, number)
    for agent in agents:
        fleet.natsweep("agent", "change-key", str(fleet.number_of(agent)))
    wait_for(lambda: fleet.database.value(query.format(old)) == 0, "every key to be another")
    assert_exactly_once(fleet, number, sweeps=len(agents))
    fleet.wait_online(*agents)
    restarted = agents[0]
    restarted.stop()
    restarted.start()
    fleet.wait_online(restarted)
    assert_exactly_once(fleet, request(fleet), sweeps=len(agents))
    events = json.loads(fleet.natsweep("agent", "events", "--what", "key_changed", "--format", "json"))
    assert len(events) == len(agents)


def test_an_agent_moves_to_another_site(fleet):
    _, (moved, replaced) = running_fleet(fleet, sites=2)
    number = request(fleet, pace=SLOW_PPS)
    wait_running(fleet, number)
    fleet.natsweep("agent", "move", str(fleet.number_of(moved)), "--site", replaced.name)
    wait_states(fleet, number, {"cancelled": 2})
    query = f"select count(*) from natsweep.site_status where site = '{replaced.name}' and agent_online"
    wait_for(lambda: fleet.database.value(query) == 1, "the agent to work there")
    states_of = {row["agent_id"]: row["state"] for row in fleet.database.sql("select agent_id, state from natsweep.agent")}
    assert sorted(states_of.values()) == ["active", "revoked"]
    number = request(fleet)
    assert_exactly_once(fleet, number)
    assert fleet.database.value(f"select s.name::text from natsweep.sweep join natsweep.site s using (site_id) where request_id = {number}") == replaced.name


def test_a_new_agent_takes_the_place_of_the_old_one(fleet):
    _, (old,) = running_fleet(fleet, sites=1)
    said = json.loads(fleet.natsweep("enroll", "--customer", "Lab", "--site", old.name, "--format", "json"))
    new = Agent(fleet, fleet.lab.site(OPEN_INTERNET), "new")
    new.enroll(said["token"])
    new.start()
    new.name = old.name
    wait_for(lambda: old.status()["state"] != "online", "the old one to be turned away")
    fleet.wait_online(new)
    assert_exactly_once(fleet, request(fleet))
    assert new.status()["last_sweep"] > 0 and old.status()["last_sweep"] == 0
