"""What an agent that is connected to its collector costs, idle and in a sweep of 2,000 ports."""
import re
import subprocess
import tempfile
import time

from lab import Lab
from lab.fleet import Fleet
from lab.process import wait_for

from .table import Table

GOAL_KB, GOAL_PRIVATE_DIRTY_KB, GOAL_SWEEPING_KB = 9 * 1024, 1536, 10 * 1024
LOOK_S = 0.002


def high_water_kb(pid):
    """The most memory a process had at a time, None when it is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            return next((int(line.split()[1]) for line in file if line.startswith("VmHWM:")), None)
    except OSError:
        return None


def peak_kb(machine, *command):
    """(what a command on a machine printed, its peak RSS in kB)."""
    peak = 0
    with tempfile.TemporaryFile("w+", encoding="utf-8") as text, subprocess.Popen(
            machine.enter(*command), stdin=subprocess.DEVNULL, stdout=text, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            with open(f"/proc/{process.pid}/comm", encoding="ascii") as name:
                entering = name.read().strip() in ("nsenter", "python3")
            peak = peak if entering else max(peak, high_water_kb(process.pid) or 0)
            time.sleep(LOOK_S)
        text.seek(0)
        return text.read(), peak


def rollup(pid):
    """The sums over a process's memory map, in kB by name."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return {name: int(kb) for name, kb in re.findall(r"^(\w+):\s+(\d+) kB$", file.read(), re.MULTILINE)}


def swept(fleet, agent):
    """The peak RSS of an agent in a sweep of 2,000 ports, in kB."""
    with open(f"/proc/{agent.pid}/clear_refs", "w", encoding="ascii") as file:
        file.write("5")  # the high-water mark begins anew
    fleet.natsweep("sweep", "--all", "--ports", "9000-10999/udp", "--pace", "5000")
    wait_for(lambda: fleet.database.value("select count(*) from natsweep.site_status where pass_count = 2000") == 1, "the sweep", 60)
    return high_water_kb(agent.pid)


def main():
    """One agent, idle and in a sweep."""
    with Lab() as lab:
        fleet = Fleet(lab, lab.vantage(), "--throwaway")
        try:
            fleet.natsweep("customer", "add", "Bench")
            fleet.collector()
            agent = fleet.agent(lab.site("static_forward"), "bench", "Bench")
            fleet.wait_online(agent)
            memory = rollup(agent.pid)
            sweeping_kb = swept(fleet, agent)
        finally:
            fleet.close()
    for title, value, goal in (("RSS of the idle agent", memory["Rss"], GOAL_KB), ("Private dirty of the idle agent", memory["Private_Dirty"], GOAL_PRIVATE_DIRTY_KB),
                               ("Peak RSS of the agent in a sweep of 2,000 ports", sweeping_kb, GOAL_SWEEPING_KB)):
        table = Table(title, "kB", "goal")
        table.add("goal", goal)
        table.add("natsweep-agent run", value)
        table.print()
