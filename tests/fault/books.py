"""The books of a fleet: what requests, sweeps, results, agents' journals and agents' logs say must be the same story."""
from collections import Counter

from .count import PORT_COUNT

STATES = ("queued", "sent", "accepted", "running", "done", "failed", "refused", "expired", "cancelled", "lost")
OPEN_STATES = STATES[:4]
ENDED = 2 # in an agent's journal


def progress(fleet, number):
    """A request's line in request_progress."""
    (row,) = fleet.database.sql(f"select * from natsweep.request_progress where request_id = {number}")
    return row


def counts(fleet, number):
    """How many of a request's sweeps are in each state that any is in, as request_progress counts them."""
    row = progress(fleet, number)
    return {state: row[state] for state in STATES if row[state]}


def sweeps(fleet):
    """Every sweep with its rows: results, port rows, different ports."""
    return fleet.database.sql("""
        select s.sweep_id, s.request_id, s.agent_id, s.state,
          (select count(*) from natsweep.sweep_result r where r.sweep_id = s.sweep_id) as results,
          (select count(*) from natsweep.port_result p where p.sweep_id = s.sweep_id) as ports,
          (select count(distinct (p.port, p.transport)) from natsweep.port_result p where p.sweep_id = s.sweep_id) as different
        from natsweep.sweep s""")


def assert_requests_add_up(fleet):
    """Every request has ended, and its counts are those of its sweeps."""
    counted = Counter((sweep["request_id"], sweep["state"]) for sweep in sweeps(fleet))
    for row in fleet.database.sql("select * from natsweep.request_progress"):
        assert row["finished"] and not any(row[state] for state in OPEN_STATES), row
        assert row["total"] + row["retried"] == sum(counted[row["request_id"], state] for state in STATES), row
        assert row["total"] == sum(row[state] for state in STATES), row


def assert_results_once(fleet):
    """A sweep that is done has each of its ports once; whatever else became of it, none twice and no half report."""
    for sweep in sweeps(fleet):
        wanted = [1] if sweep["state"] == "done" else [0, 1]
        assert sweep["results"] in wanted, sweep
        assert sweep["ports"] == sweep["different"] == sweep["results"] * PORT_COUNT, sweep
    assert fleet.database.value("select count(*) from natsweep.rejected_report") == 0


def assert_no_double_runs(fleet, forgetful=()):
    """No sweep was begun twice, by one agent or by two; what is done was begun; an agent's journal names just what it began or
    says to have found begun (but for the `forgetful`, whose disks were lost), and says of all that they ended. Stops the agents."""
    for agent in fleet.agents:
        agent.stop() # it holds its journal locked
    begun = Counter(number for agent in fleet.agents for number in agent.started_sweeps())
    assert not [number for number, times in begun.items() if times > 1]
    done = {sweep["sweep_id"] for sweep in sweeps(fleet) if sweep["state"] == "done"}
    assert done <= begun.keys()
    for agent in fleet.agents:
        if agent not in forgetful:
            wanted = dict.fromkeys({*agent.started_sweeps(), *agent.interrupted_sweeps()}, ENDED)
            assert not wanted.items() ^ agent.journal().items(), agent.name


def assert_nothing_dropped(fleet):
    """No agent has lost a report."""
    assert fleet.database.value("select coalesce(sum(spool_lost), 0) as lost from natsweep.agent_status") == 0


def assert_books_balance(fleet, forgetful=()):
    """All of it."""
    assert_requests_add_up(fleet)
    assert_results_once(fleet)
    assert_nothing_dropped(fleet)
    assert_no_double_runs(fleet, forgetful)
