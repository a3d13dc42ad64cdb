"""Keys and secrets are replaced under a fleet that goes on working: the steps of deploy/guides/key-rotation.md."""
import json
import os
import signal

from lab import OPEN_INTERNET
from lab.fleet import write_file
from lab.process import wait_for
from lab.vantage import Vantage

from .count import assert_exactly_once, request, wait_spools_empty

SECRET, NEW_SECRET = "correct horse battery", "staple"


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
    wait_for(lambda: all(known_keys(agent) == 3 for agent in agents), "every agent to know the key to come")
    # One that was away knows the old key only, and an operator sees that.
    query = "update natsweep.agent_seen set last_seen = now() - interval '1 day' where agent_id = (select min(agent_id) from natsweep.agent)"
    fleet.database.execute(query)
    assert collectors_listed(fleet)[one.name]["agents_behind"] >= 1
    key_step(one, "--use-next-key")
    restart(one)
    fleet.wait_published(one)
    wait_for(lambda: all(known_keys(agent) == 2 for agent in agents), "every agent to forget the old key")
    two.stop()
    fleet.wait_online(*agents)
    assert_exactly_once(fleet, request(fleet), sweeps=len(agents))


def test_the_key_of_the_only_collector_is_replaced(fleet):
    (one,), agents = running_fleet(fleet)
    key_step(one, "--make-next-key")
    one.process.send_signal(signal.SIGHUP)
    wait_for(lambda: all(known_keys(agent) == 2 for agent in agents), "every agent to know the key to come")
    key_step(one, "--use-next-key")
    restart(one)
    wait_for(lambda: all(known_keys(agent) == 1 for agent in agents), "every agent to be back by the new key")
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
