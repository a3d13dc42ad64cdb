"""Requests sweeps and counts what became of them."""
import json

from lab.process import wait_for

PORTS = "5060/udp,9000-9199/udp"
PORT_COUNT = 201
# At this pace a sweep takes some seconds: time to strike in its midst.
SLOW_PPS = 200
FAST_PPS = 5000
RESULT_S = 60


def request(fleet, ports=PORTS, pace=FAST_PPS, **options):
    """Asks for a sweep of all sites; returns the request's number."""
    wanted = json.dumps({"pace": pace, **options})
    return fleet.database.value(f"select natsweep.request_sweep('{{\"all\": true}}', '{ports}', '{wanted}') as request")


def states(fleet, number):
    """How many of a request's sweeps are in each state."""
    rows = fleet.database.sql(f"select state, count(*) from natsweep.sweep where request_id = {number} group by state")
    return {row["state"]: row["count"] for row in rows}


def wait_states(fleet, number, wanted, timeout_s=RESULT_S):
    """Until the request's sweeps are in just these states."""
    wait_for(lambda: states(fleet, number) == wanted, f"request {number} to come to {wanted}, it is {states(fleet, number)}", timeout_s)


def wait_running(fleet, number, ports_done=1):
    """Until every sweep of the request runs and has judged some ports."""
    query = f"select count(*) from natsweep.sweep where request_id = {number} and not (state = 'running' and ports_done >= {ports_done})"
    wait_for(lambda: fleet.database.value(query) == 0, f"request {number} to be under way", RESULT_S)


def rows(fleet, number):
    """[(sweeps with a result, port rows, different ports)] of each sweep of a request, by sweep."""
    return [tuple(row.values()) for row in fleet.database.sql(f"""
        select (select count(*) from natsweep.sweep_result r where r.sweep_id = s.sweep_id) as results,
          (select count(*) from natsweep.port_result p where p.sweep_id = s.sweep_id) as ports,
          (select count(distinct (p.port, p.transport)) from natsweep.port_result p where p.sweep_id = s.sweep_id) as different
        from natsweep.sweep s where s.request_id = {number} order by s.sweep_id""")]


def assert_exactly_once(fleet, number, sweeps=1):
    """Every sweep of the request is done, and each of its ports is in the tables once."""
    wait_states(fleet, number, {"done": sweeps})
    assert rows(fleet, number) == [(1, PORT_COUNT, PORT_COUNT)] * sweeps


def wait_spools_empty(fleet):
    """Until no agent holds anything back, and none has dropped anything."""
    query = "select coalesce(sum(spool_depth), 0) as depth from natsweep.agent_status"
    wait_for(lambda: fleet.database.value(query) == 0, "the spools to be empty", RESULT_S)
    assert fleet.database.value("select coalesce(sum(spool_lost), 0) as lost from natsweep.agent_status") == 0
