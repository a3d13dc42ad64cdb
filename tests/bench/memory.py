"""What an idle agent that is connected to its collector costs."""
import re

from lab import Lab
from lab.fleet import Fleet

from .table import Table

GOAL_KB, GOAL_PRIVATE_DIRTY_KB = 9 * 1024, 1536


def rollup(pid):
    """The sums over a process's memory map, in kB by name."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return {name: int(kb) for name, kb in re.findall(r"^(\w+):\s+(\d+) kB$", file.read(), re.MULTILINE)}


def main():
    """One agent, idle."""
    with Lab() as lab:
        fleet = Fleet(lab, lab.vantage(), "--throwaway")
        try:
            fleet.natsweep("customer", "add", "Bench")
            fleet.collector()
            agent = fleet.agent(lab.site("static_forward"), "bench", "Bench")
            fleet.wait_online(agent)
            memory = rollup(agent.pid)
        finally:
            fleet.close()
    for title, name, goal in (("RSS of the idle agent", "Rss", GOAL_KB), ("private dirty", "Private_Dirty", GOAL_PRIVATE_DIRTY_KB)):
        table = Table(title, "kB", "goal")
        table.add("goal", goal)
        table.add("natsweep-agent run", memory[name])
        table.print()
