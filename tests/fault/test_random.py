"""Every strike there is, in an order, on victims and at moments that a seed chooses, and every count adds up."""
import os
import random
import secrets

from lab import OPEN_INTERNET
from lab.process import wait_for

from .books import assert_books_balance, counts, progress
from .count import request, wait_spools_empty
from .strikes import HURTS_AGENTS, STRIKES, hold

AGENTS = 12
PACE_PPS = 400
END_S = 90


def seed():
    """NATSWEEP_SEED, or a new one."""
    return int(os.environ.get("NATSWEEP_SEED") or secrets.randbelow(1000000))


def test_strikes_at_random_moments(fleet):
    number = seed()
    print(f"the seed is {number}: NATSWEEP_SEED={number} strikes so again")
    chance = random.Random(number)
    fleet.collector(), fleet.collector()
    agents = fleet.crowd([fleet.lab.site(OPEN_INTERNET) for _ in range(AGENTS)])
    fleet.wait_online(*agents)
    requests = []
    for strike in chance.sample(STRIKES, len(STRIKES)):
        requests.append(request(fleet, pace=PACE_PPS))
        hold(chance)
        print(strike.__name__)
        with strike(fleet, chance):
            hold(chance)
    for asked in requests:
        wait_for(lambda asked=asked: progress(fleet, asked)["finished"], f"request {asked} to end", END_S)
        assert counts(fleet, asked).keys() <= {"done", "failed"}
    failed = sum(counts(fleet, asked).get("failed", 0) for asked in requests)
    assert failed <= len(HURTS_AGENTS), "only an agent that is hurt leaves a sweep unfinished"
    fleet.wait_online(*agents)
    wait_spools_empty(fleet)
    assert_books_balance(fleet)
