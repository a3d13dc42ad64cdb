"""What every lab test gets."""
import os
import signal

import pytest

from . import Lab, reap


def interrupt(*_):
    """SIGTERM unwinds like Ctrl-C, so that every `with Lab()` cleans up."""
    raise KeyboardInterrupt


@pytest.fixture(scope="session", autouse=True)
def bed():
    """Clears what killed runs left, and makes sure that this one can be ended."""
    if os.geteuid() != 0:
        pytest.exit("the lab makes network namespaces: run it as root", returncode=77)
    signal.signal(signal.SIGTERM, interrupt)
    reap()


@pytest.fixture
def lab():
    """A fresh internet."""
    with Lab() as fresh:
        yield fresh
