"""Fifty agents and two collectors run a schedule through everything that can befall a fleet, and every count adds up."""
import os

import pytest

from lab import OPEN_INTERNET
from lab.fleet import Fleet
from lab.process import wait_for
from lab.standby import Standby

from .books import assert_books_balance, counts, progress
from .count import PORTS, wait_spools_empty

AGENTS = 50
# A sweep takes some three seconds at this pace: time to strike in its midst.
PACE_PPS = "200"
TURN_S = 60
# Far away: the test says when it is time.
YEARLY = "0 0 1 1 *"


@pytest.fixture(name="fleet")
def fleet_with_standby(lab, template):
    """A primary with a streaming standby and a vantage; no collector, no agent yet."""
    fleet = Fleet(lab, lab.vantage(secret="correct horse battery"), template=template)
    fleet.standby = Standby(fleet.database, os.path.join(fleet.folder, "standby"))
    try:
        fleet.natsweep("customer", "add", "Lab")
        yield fleet
    finally:
        fleet.standby.destroy()
        fleet.close()


def turn(fleet):
    """Brings the schedule's time; returns the request that it asked, under way at every agent."""
    last = fleet.database.value("select coalesce(last_request, 0) as request from natsweep.schedule")
    fleet.database.execute("update natsweep.schedule set next_run = now()")
    query = f"select coalesce(max(last_request), 0) as request from natsweep.schedule where last_request > {last}"
    number = wait_for(lambda: fleet.database.value(query), "the schedule to ask", TURN_S)
    wait_for(lambda: progress(fleet, number)["running"] == AGENTS, f"every sweep of request {number} to run", TURN_S)
    return number


def wait_counts(fleet, number, wanted):
    """Until a request has ended, which must be with just these counts."""
    wait_for(lambda: progress(fleet, number)["finished"], f"request {number} to end", TURN_S)
    assert counts(fleet, number) == wanted


def serves(fleet):
    """How many agents each collector has, as the database knows."""
    rows = fleet.database.sql("select c.name, count(*) from natsweep.agent_seen join natsweep.collector c using (collector_id) where connected group by 1")
    return {row["name"]: row["count"] for row in rows}


def wait_serves(fleet, collector):
    """Until one collector has all agents: that an agent is there is noted beside its report, and maybe after it."""
    wait_for(lambda: serves(fleet) == {collector.name: AGENTS}, f"all agents to be known to be at {collector.name}")


def test_fifty_agents_run_a_schedule_through_everything(fleet):
    one, two = fleet.collector(), fleet.collector()
    agents = fleet.crowd([fleet.lab.site(OPEN_INTERNET) for _ in range(AGENTS)])
    fleet.wait_online(*agents)
    assert set(serves(fleet)) == {one.name, two.name}
    fleet.natsweep("schedule", "add", "nightly", "--cron", YEARLY, "--all", "--ports", PORTS, "--pace", PACE_PPS)

    collector_dies = turn(fleet)
    one.kill()
    wait_counts(fleet, collector_dies, {"done": AGENTS})
    wait_serves(fleet, two)
    one.start()

    collector_drains = turn(fleet)
    assert two.stop() == 0
    wait_counts(fleet, collector_drains, {"done": AGENTS})
    wait_serves(fleet, one)
    two.start()

    database_fails_over = turn(fleet)
    fleet.standby.take_over()
    wait_counts(fleet, database_fails_over, {"done": AGENTS})
    fleet.wait_online(*agents)

    agents_fall = turn(fleet)
    revoked, forgetful, stopped = agents[:3]
    fleet.natsweep("agent", "revoke", str(fleet.number_of(revoked)))
    forgetful.lose_disk()
    stopped.kill()
    stopped.start()
    wait_counts(fleet, agents_fall, {"done": AGENTS - 3, "cancelled": 1, "lost": 1, "failed": 1})
    fleet.wait_online(*agents[1:])

    wait_spools_empty(fleet)
    assert fleet.database.value("select count(*) from natsweep.request") == 4
    assert_books_balance(fleet, forgetful=[forgetful])
