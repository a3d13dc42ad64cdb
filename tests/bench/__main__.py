"""The bench's sections, by name."""
import argparse

from . import agents, claims, dashboard, memory, store, sweep, views

SECTIONS = {"sweep": sweep.main, "memory": memory.main, "store": store.main, "claims": claims.main, "views": views.main,
            "dashboard": dashboard.main, "agents": agents.main}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="tests/bench/run")
    parser.add_argument("--agents", type=int, default=agents.AGENTS, help="how many connect in the section 'agents' (default %(default)s)")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"{', '.join(SECTIONS)}; without one all of them")
    wanted = parser.parse_args()
    for name in wanted.sections or SECTIONS:
        if name not in SECTIONS:
            parser.error(f"no section '{name}'; there are: {', '.join(SECTIONS)}")
        SECTIONS[name](*([wanted.agents] if name == "agents" else []))
