"""What can befall a fleet at any moment: each strike is a context, and at its end all is well again. `chance` is a random.Random."""
import contextlib
import signal
import time

from .cut import Cut, to_collectors

LEASE_S = 15


def hold(chance, least_s=0.1, most_s=2.5):
    """How long a strike lasts is what is tested, so here nothing is waited for."""
    time.sleep(chance.uniform(least_s, most_s))


@contextlib.contextmanager
def killed(daemon):
    """kill -9, and back."""
    daemon.kill()
    yield
    daemon.start()


@contextlib.contextmanager
def ended(daemon):
    """SIGTERM, and back."""
    daemon.stop()
    yield
    daemon.start()


@contextlib.contextmanager
def paused(daemon):
    """Does not run for a while, as on a host that swaps."""
    daemon.process.send_signal(signal.SIGSTOP)
    yield
    daemon.process.send_signal(signal.SIGCONT)


def collector_is_killed(fleet, chance):
    """kill -9 of a collector."""
    return killed(chance.choice(fleet.collectors))


def collector_is_drained(fleet, chance):
    """An orderly end of a collector."""
    return ended(chance.choice(fleet.collectors))


def collector_is_paused(fleet, chance):
    """A collector that does not run for a moment."""
    return paused(chance.choice(fleet.collectors))


@contextlib.contextmanager
def collector_outsleeps_its_lease(fleet, chance):
    """A collector that others take for dead, and that believes to be alive when it wakes up."""
    with paused(chance.choice(fleet.collectors)):
        hold(chance, LEASE_S, LEASE_S + 3)
        yield


def agent_is_killed(fleet, chance):
    """kill -9 of an agent."""
    return killed(chance.choice(fleet.agents))


def agent_is_ended(fleet, chance):
    """An orderly end of an agent."""
    return ended(chance.choice(fleet.agents))


@contextlib.contextmanager
def agent_is_paused(fleet, chance):
    """An agent that does not run for so long that it is missed."""
    with paused(chance.choice(fleet.agents)):
        hold(chance, 1, 6)
        yield


def network_is_cut(fleet, _chance):
    """Nobody reaches a collector."""
    return Cut(fleet.lab.internet, to_collectors())


def collector_is_cut_off(fleet, chance):
    """One collector is not reached."""
    return Cut(fleet.lab.internet, f"ip daddr {chance.choice(fleet.collectors).address} {to_collectors()}")


@contextlib.contextmanager
def database_crashes(fleet, _chance):
    """A power cut of PostgreSQL."""
    fleet.database.crash()
    yield
    fleet.database.start()


STRIKES = (collector_is_killed, collector_is_drained, collector_is_paused, collector_outsleeps_its_lease, agent_is_killed, agent_is_ended,
           agent_is_paused, network_is_cut, collector_is_cut_off, database_crashes)
HURTS_AGENTS = (agent_is_killed, agent_is_ended)
