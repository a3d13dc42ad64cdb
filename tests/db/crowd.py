"""Thousands of agents in a few processes (tests/crowd): they connect, wait and come back as natsweep-agent does, and report at once."""
import collections
import os
import pathlib
import resource
import subprocess
import threading
import time

from zmq.utils import z85

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("NATSWEEP_CROWD", str(TOP / "build/dev/bin/crowd"))
# Sockets of libzmq and of the kernel, spool, and as many again while one link closes and the next one opens.
DESCRIPTORS_AN_AGENT = 7
LOOK_S = 0.01

Count = collections.namedtuple("Count", "online sessions begun spooled lost")


class Part:
    """One process of a crowd; a thread keeps what it said last."""

    def __init__(self, folder, ports, agents):
        folder.mkdir(parents=True)
        self.count = Count(0, 0, 0, 0, 0)
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen([PROGRAM, str(folder), ports, str(agents)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.keys = [z85.decode(self.process.stdout.readline().strip()) for _ in range(agents)]
        self.reader = threading.Thread(target=self.read)

    def join(self, endpoint, key):
        """Lets its agents go."""
        self.process.stdin.write(f"{endpoint}\n{key}\n")
        self.process.stdin.flush()
        self.reader.start()

    def read(self):
        """Takes its lines until it ends."""
        for line in self.process.stdout:
            self.count = Count(*map(int, line.split()[1:]))

    def close(self):
        """Ends it."""
        self.process.stdin.close()
        self.process.wait()
        if self.reader.ident:
            self.reader.join()
        self.process.stdout.close()


class Crowd:
    """All of them, in as many processes as the limit of open files demands."""

    def __init__(self, folder, ports, agents):
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[0] // DESCRIPTORS_AN_AGENT
        parts = -(-agents // most)
        sizes = [agents // parts + (number < agents % parts) for number in range(parts)]
        self.agents = agents
        self.parts = [Part(pathlib.Path(folder) / f"part{number}", ports, size) for number, size in enumerate(sizes)]

    def keys(self):
        """The public keys, 32 bytes each."""
        return [key for part in self.parts for key in part.keys]

    def pids(self):
        """The processes."""
        return [part.process.pid for part in self.parts]

    def join(self, endpoint, key):
        """Lets the agents go to a collector that has this key, in Z85."""
        for part in self.parts:
            part.join(endpoint, key)

    def count(self):
        """What has become of all of them so far."""
        assert all(part.process.poll() is None for part in self.parts), "a part of the crowd has ended"
        return Count(*map(sum, zip(*(part.count for part in self.parts))))

    def wait(self, condition, timeout_s):
        """Until a condition on the count is true; returns the seconds that took."""
        begun = time.monotonic()
        while not condition(self.count()):
            assert time.monotonic() - begun < timeout_s, f"waited in vain, and the crowd is at {self.count()}"
            time.sleep(LOOK_S)
        return time.monotonic() - begun

    def signal(self, number):
        """Sends a signal to its processes."""
        for part in self.parts:
            part.process.send_signal(number)

    def close(self):
        """Ends it."""
        for part in self.parts:
            part.close()
