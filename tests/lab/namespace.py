"""A network namespace: a machine of the lab."""
import subprocess

from .owner import NAMESPACES, delete_namespace
from .process import run

# Addresses are usable at once: nobody else can have them.
IPV6 = ("net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.default.accept_ra=0")
NO_IPV6 = ("net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1")


# How a program started inside relates to this process: it dies with it, however that dies, or goes on alone.
TETHERED = ("setpriv", "--pdeathsig", "KILL")
DETACHED = ("setsid",)


class Namespace:
    """Made at once; deleted with every process in it by delete()."""

    def __init__(self, name, *settings, tie=TETHERED, ipv6=False):
        self.name = name
        self.tie = tie
        run("ip", "netns", "add", name)
        self.run("sysctl", "-qw", *(IPV6 if ipv6 else NO_IPV6), *settings)
        self.ip("link set lo up")

    def enter(self, *command):
        """The argument list that runs `command` inside."""
        return ["nsenter", f"--net={NAMESPACES}/{self.name}", *command]

    def run(self, *command, **options):
        """Runs a command inside to its end and returns what it printed."""
        return run(*self.enter(*command), **options)

    def spawn(self, *command, **options):
        """Starts a program inside, tied to this process as `tie` says; returns its Popen."""
        return subprocess.Popen(self.enter(*self.tie, *command), stdin=subprocess.DEVNULL, **options)

    def ip(self, *lines):
        """Runs many `ip` commands inside in one process."""
        run("ip", "-n", self.name, "-batch", "-", input="\n".join(lines) + "\n")

    def reaches(self, address):
        """Returns once `address` answers: a new bridge takes a moment until it forwards."""
        self.run("ping", "-q", "-n", "-c", "1", "-i", "0.05", "-w", "5", address)

    def delete(self):
        """Kills what runs inside and removes the namespace."""
        delete_namespace(self.name)
