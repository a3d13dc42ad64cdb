"""Servers of the lab: a real coturn, a real Kamailio as SIP echo, and small faulty responders."""
import ipaddress
import os
import string
import subprocess
import sys

from .process import RunError, tail, wait_for

FOLDER = os.path.dirname(os.path.abspath(__file__))
SHIPPED = os.path.join(FOLDER, "..", "..", "deploy", "vantage")
TEMPLATE = os.path.join(SHIPPED, "turnserver.conf")
SIP_SETTINGS = os.path.join(SHIPPED, "kamailio.cfg")

FIRST = "203.0.113.10"
SECOND = "203.0.113.11"
PORT = 3478
OTHER_PORT = 3479
STUN = f"{FIRST}:{PORT}"
SIP_PORT = 5060
SIP_CONTROL_PORT = 15060

AUTH_LINES = ("secure-stun", "use-auth-secret", "static-auth-secret", "realm")


def address_text(raw):
    """An address as /proc writes it: words in the host's order."""
    words = [raw[at:at + 8] for at in range(0, len(raw), 8)]
    return str(ipaddress.ip_address(b"".join(bytes.fromhex(word)[::-1] for word in words)))


def udp_sockets(pid):
    """The (address, port) pairs that UDP sockets of a process's namespace are bound to."""
    pairs = set()
    for name in ("udp", "udp6"):
        with open(f"/proc/{pid}/net/{name}", encoding="ascii") as table:
            fields = [line.split()[1].split(":") for line in table.readlines()[1:]]
        pairs |= {(address_text(address), int(port, 16)) for address, port in fields}
    return pairs


def endpoint(address, port):
    """HOST:PORT as the agent reads and writes it."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


class Server:
    """A program in the lab's internet that is ready once it has bound its UDP addresses."""

    stun = STUN

    def __init__(self, lab, command, wanted, log):
        self.log = log
        with open(log, "w", encoding="utf-8") as output:
            self.process = lab.internet.spawn(*command, stdout=output, stderr=subprocess.STDOUT)
        wait_for(lambda: self._ready(wanted), f"{command[0]} to bind {sorted(wanted)}")

    def _ready(self, wanted):
        if self.process.poll() is not None:
            raise RunError(f"the server ended at once:\n{tail(self.log)}")
        return wanted <= udp_sockets(self.process.pid)

    def stop(self):
        """Ends the server at once."""
        self.process.kill()
        self.process.wait()


class Vantage(Server):
    """coturn on FIRST and, unless second=False, on SECOND. With a secret every Binding request needs credentials, by
    either of two when two lines are given; with rfc5780=False it has two addresses and tells nobody."""

    def __init__(self, lab, second=True, secret=None, rfc5780=True):
        self.secret = secret
        addresses = [lab.first, lab.second] if second else [lab.first]
        self.stun = endpoint(lab.first, PORT)
        for address in addresses:
            lab.server_address(address)
        path = os.path.join(lab.folder, "turnserver.conf")
        with open(path, "w", encoding="utf-8") as out:
            out.write(self.settings(lab, second, secret, rfc5780))
        ports = [PORT, OTHER_PORT] if second and rfc5780 else [PORT]
        wanted = {(address, port) for address in addresses for port in ports}
        super().__init__(lab, ["turnserver", "-c", path], wanted, os.path.join(lab.folder, "turnserver.log"))

    @staticmethod
    def settings(lab, second, secret, rfc5780):
        """The shipped template filled in, less what this server shall not have."""
        with open(TEMPLATE, encoding="utf-8") as template:
            lines = [line for line in template.read().splitlines() if line and not line.startswith("#")]
        if not second:
            lines = [line for line in lines if "$second" not in line]
        if secret is None:
            lines = [line for line in lines if line.split("=")[0] not in AUTH_LINES] + ["no-auth"]
        if not rfc5780:
            lines.append("no-rfc5780")
        lines = [line.replace("$secret", one) for line in lines for one in (secret.split("\n") if secret and "$secret" in line else [""])]
        return string.Template("\n".join(lines) + "\n").substitute(first=lab.first, second=lab.second, folder=lab.folder)


class SipEcho(Server):
    """Kamailio on FIRST as the shipped settings have it, at its SIP port, its control port or both."""

    def __init__(self, lab, ports=(SIP_PORT, SIP_CONTROL_PORT)):
        lab.server_address(FIRST)
        self.address = FIRST
        folder = os.path.join(lab.folder, "kamailio")
        os.mkdir(folder, 0o755)
        command = ["kamailio", "-DD", "-E", "-f", SIP_SETTINGS, "-Y", folder, "-m", "16", "-M", "4"]
        for port in ports:
            command += ["-l", f"udp:{FIRST}:{port}"]
        super().__init__(lab, command, {(FIRST, port) for port in ports}, os.path.join(lab.folder, "kamailio.log"))


class Responder(Server):
    """A server of the test's own with one fault."""

    def __init__(self, lab, fault, first, second):
        for address in (first, second):
            lab.server_address(address)
        self.stun = endpoint(first, PORT)
        command = [sys.executable, os.path.join(FOLDER, "responder.py"), fault, first, second]
        super().__init__(lab, command, {(first, PORT)}, os.path.join(lab.folder, f"responder-{fault}.log"))
