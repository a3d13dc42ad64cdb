"""Programs of two protocol versions work together: a fleet is never replaced all at once."""
import pytest

from lab import OPEN_INTERNET
from lab.database import BIN
from lab.process import wait_for

from .count import assert_exactly_once, request, wait_spools_empty


def of_next_version(daemon):
    """The same daemon by the program of the next protocol version, from its next start on."""
    daemon.command[0] = f"{BIN}/next-{daemon.command[0].rpartition('-')[2]}"


def replace(daemon):
    """As an upgrade of its package does."""
    assert daemon.stop() == 0
    of_next_version(daemon)
    daemon.start()


def sessions(agent):
    """How often an agent has been welcomed."""
    with open(agent.log, encoding="utf-8") as log:
        return log.read().count("online: the collector bids welcome")


@pytest.mark.parametrize("newer", ["collector", "agents"])
def test_one_end_is_a_version_ahead(fleet, newer):
    collector = fleet.collector()
    agents = fleet.crowd([fleet.lab.site(OPEN_INTERNET) for _ in range(2)])
    fleet.wait_online(*agents)
    before = {agent: sessions(agent) for agent in agents}
    for daemon in [collector] if newer == "collector" else agents:
        replace(daemon)
    wait_for(lambda: all(sessions(agent) > before[agent] for agent in agents), "the agents to be back")
    fleet.wait_online(*agents)
    assert_exactly_once(fleet, request(fleet), sweeps=len(agents))
    wait_spools_empty(fleet)
