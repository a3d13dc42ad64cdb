"""The bench's sections, by name."""
import sys

from . import claims, dashboard, memory, store, sweep, views

SECTIONS = {"sweep": sweep.main, "memory": memory.main, "store": store.main, "claims": claims.main, "views": views.main,
            "dashboard": dashboard.main}

if __name__ == "__main__":
    for wanted in sys.argv[1:] or SECTIONS:
        if wanted not in SECTIONS:
            sys.exit(f"tests/bench/run: no section '{wanted}'; there are: {', '.join(SECTIONS)}")
        SECTIONS[wanted]()
