"""The real collector on loopback, and agents played by this file: they speak the wire, and do exactly what a test tells them."""
import contextlib
import itertools
import os
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

import zmq
from zmq.utils import z85

TOP = pathlib.Path(__file__).resolve().parents[2]
COLLECTOR = os.environ.get("NATSWEEP_COLLECTOR", str(TOP / "build/dev/bin/natsweep-collector"))
PROTOCOL_VERSION = 1
WAIT_S = 30


def load_messages():
    """The module that protoc makes of natsweep.proto."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["protoc", f"--python_out={folder}", f"--proto_path={TOP}/proto", "natsweep.proto"], check=True)
        sys.path.insert(0, folder)
        try:
            return __import__("natsweep_pb2")
        finally:
            sys.path.remove(folder)


messages = load_messages()


def wait_for(condition, what):
    """What a condition returns as soon as it is true; asks again and again."""
    deadline = time.monotonic() + WAIT_S
    while True:
        answer = condition()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)


# Below those that the kernel gives to whoever asks, and for each worker others: a port stays free until its collector starts, and
# while it starts again.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
ports = itertools.count(10000 + WORKER % 8 * 2500 + random.randrange(2000))


def free_port():
    """A TCP port of loopback that nobody holds."""
    for port in ports:
        with contextlib.suppress(OSError), socket.socket() as listener:
            listener.bind(("127.0.0.1", port))
            return port


class Collector:
    """natsweep-collector with a settings file of its own."""

    def __init__(self, folder, dsn, name, **more):
        self.folder, self.name = pathlib.Path(folder), name
        self.folder.mkdir(exist_ok=True)
        self.endpoint, self.enroll_endpoint = (f"tcp://127.0.0.1:{free_port()}" for _ in range(2))
        self.settings = self.folder / "collector.conf"
        self.log = self.folder / "log"
        self.process = None
        lines = {"name": name, "key_file": self.folder / "key", "listen": self.endpoint, "listen_enroll": self.enroll_endpoint,
                 "log_level": "debug"} | more
        watch, more_sections = lines.pop("watch", ""), lines.pop("sections", "")
        self.settings.write_text("[collector]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())
                                 + f"[database]\ndsn = {dsn}\n[watch]\nlisten = {watch}\n{more_sections}")

    def start(self):
        """Starts it and waits until it holds its lease."""
        before = self.said().count("has its lease")
        self.spawn()
        self.wait_said("has its lease", before + 1)
        return self

    def spawn(self):
        """Starts it."""
        with self.log.open("a") as output:
            self.process = subprocess.Popen([COLLECTOR, "--settings", str(self.settings)], stderr=output)

    def run(self, *flags):
        """Runs it to its end."""
        return subprocess.run([COLLECTOR, "--settings", str(self.settings), *flags], capture_output=True, text=True, timeout=WAIT_S,
                              check=False)

    def said(self):
        """Its log so far."""
        return self.log.read_text() if self.log.exists() else ""

    def wait_said(self, words, times=1):
        """Until the log has the words so often."""
        def said():
            assert self.process.poll() is None or self.said().count(words) >= times, self.said()
            return self.said().count(words) >= times
        wait_for(said, f"{self.name} to say '{words}'")

    def end(self, how=signal.SIGTERM):
        """Sends a signal and returns the exit code."""
        if self.process is None or self.process.poll() is not None:
            return None
        self.process.send_signal(how)
        return self.process.wait(WAIT_S)

    def public_key(self):
        """Its CURVE key in Z85, as --check prints it."""
        return self.run("--check").stdout.split("public key: ")[1].split("\n")[0].encode()


class Agent:
    """A fake agent: a CURVE key and, once connected, a DEALER."""

    def __init__(self, context):
        self.context = context
        self.public_key, self.secret_key = zmq.curve_keypair()
        self.raw_key = z85.decode(self.public_key)
        self.instance = int.from_bytes(os.urandom(7), "big")
        self.socket = self.refusals = None

    def connect(self, collector, endpoint=None):
        """Connects, without a word."""
        self.close()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.linger = 0
        self.refusals = self.socket.get_monitor_socket(zmq.EVENT_HANDSHAKE_FAILED_AUTH)
        self.socket.curve_publickey, self.socket.curve_secretkey = self.public_key, self.secret_key
        self.socket.curve_serverkey = collector.public_key()
        self.socket.connect(endpoint or collector.endpoint)

    def close(self):
        """Hangs up."""
        if self.socket:
            self.socket.disable_monitor()
            self.refusals.close()
            self.socket.close()
            self.socket = self.refusals = None

    def send(self, version=PROTOCOL_VERSION, **body):
        """Sends an envelope with one body."""
        self.socket.send(messages.Envelope(version=version, **body).SerializeToString())

    def receive(self, timeout_s=WAIT_S):
        """The next envelope, or None."""
        if not self.socket.poll(timeout_s * 1000):
            return None
        return messages.Envelope.FromString(self.socket.recv())

    def expect(self, body):
        """The next envelope's body, which must be of that kind; before anything but a welcome, news of the collectors are passed over:
        they come whenever a collector reads where the others are."""
        while True:
            envelope = self.receive()
            assert envelope is not None, f"no {body} came"
            if envelope.WhichOneof("body") == body:
                return getattr(envelope, body)
            assert envelope.welcome.endpoints, envelope

    def hello(self, collector, running=(), finished=(), version=PROTOCOL_VERSION):
        """Connects and says hello; again for as long as its key is refused, as a keyring may be a moment behind."""
        def welcomed():
            self.connect(collector)
            self.send(version=version, hello=messages.Hello(
                instance=self.instance, hostname="pbx", agent_version="0.1.0", clock_us=int(time.time() * 1e6),
                running=[messages.SweepKey(sweep_id=sweep_id, generation=1) for sweep_id in running], finished=finished))
            heard = zmq.select([self.socket, self.refusals], [], [], WAIT_S)[0]
            return self.receive(0).welcome if self.socket in heard else None
        return wait_for(welcomed, "a welcome")

    def accept(self, start, running=True):
        """Answers a command."""
        self.send(accepted=messages.Accepted(key=start.key, running=running))

    def enroll(self, collector, secret):
        """Asks to be enrolled with the secret of a token; returns the answer."""
        self.connect(collector, collector.enroll_endpoint)
        self.send(enroll=messages.Enroll(token=secret, public_key=self.raw_key, hostname="pbx", agent_version="0.1.0"))
        return self.expect("enrolled")
