"""Runs commands, and waits for conditions instead of sleeping."""
import subprocess
import time


class RunError(RuntimeError):
    """A command failed; the text says which, how and what it said."""


def run(*command, **options):
    """Runs a command to its end and returns what it printed; a failure raises with what the command said."""
    if "input" not in options:
        options["stdin"] = subprocess.DEVNULL
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode:
        raise RunError(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout


def wait_for(condition, what, timeout_s=15.0, every_s=0.02):
    """Asks `condition` until it is true and returns its value; raises when that takes too long."""
    deadline = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TimeoutError(f"still waiting after {timeout_s:g} s: {what}")
        time.sleep(every_s)


def tail(path, lines=20):
    """The last lines of a log, for an error message."""
    with open(path, encoding="utf-8", errors="replace") as log:
        return "".join(log.readlines()[-lines:])
