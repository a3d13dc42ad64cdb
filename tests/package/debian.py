"""Debian 12 in folders: a tree that is made once, and machines that change a copy of it."""
import os
import shutil
import signal
import subprocess
import time

from lab.database import TOP
from lab.process import RunError, run, wait_for

IN_ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "in_root")
TREES = os.path.join(TOP, "build", "debian")
MIRROR = os.environ.get("DEBIAN_MIRROR", "http://deb.debian.org/debian")
SOURCES = f"""deb {MIRROR} bookworm main
deb {MIRROR} bookworm-updates main
"""
APT = ("apt-get", "-q", "install", "-y", "--no-install-recommends", "-o", "Dpkg::Use-Pty=0")
ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
FRESH_S = 3 * 86400  # a mirror forgets packages that have been replaced


def in_root(folder, tree, *command):
    """Runs a command in a Debian that does not run; returns what it printed."""
    return run(IN_ROOT, "run", folder, tree, *command, env=ENVIRONMENT)


def _bootstrap(path):
    run("debootstrap", "--variant=minbase", "bookworm", path, MIRROR, env=ENVIRONMENT)
    with open(os.path.join(path, "etc/apt/sources.list"), "w", encoding="ascii") as file:
        file.write(SOURCES)
    # A tree that is thrown away needs no disk barriers.
    with open(os.path.join(path, "etc/dpkg/dpkg.cfg.d/unsafe"), "w", encoding="ascii") as file:
        file.write("force-unsafe-io\n")
    with open(os.path.join(path, "usr/sbin/policy-rc.d"), "w", encoding="ascii") as file:
        file.write("#!/bin/sh\n[ -d /run/systemd/system ] || exit 101\n")
    os.chmod(os.path.join(path, "usr/sbin/policy-rc.d"), 0o755)
    shutil.copy("/etc/resolv.conf", os.path.join(path, "etc/resolv.conf"))
    run("chroot", path, "apt-get", "-q", "update", env=ENVIRONMENT)


def _made(name, make):
    """The folder `name`, made by `make` at the first call and every few days."""
    path = os.path.join(TREES, name)
    stamp = f"{path}.made"
    if os.path.exists(stamp) and time.time() - os.stat(stamp).st_mtime < FRESH_S:
        return path
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(TREES, exist_ok=True)
    make(path)
    with open(stamp, "w", encoding="ascii"):
        return path


def bare():
    """The path of a bare Debian 12."""
    return _made("bare", _bootstrap)


def with_packages(name, *packages):
    """The paths of a bare Debian and above it one in which these packages of Debian's are installed."""
    lower = bare()
    return ":".join([os.path.join(_made(name, lambda path: in_root(path, lower, *APT, *packages)), "upper"), lower])


class Machine:
    """A Debian of its own in `folder`; installed into while it does not run, then booted."""

    def __init__(self, folder, tree):
        self.folder = folder
        self.tree = tree
        self.process = None
        self.pid = None
        os.makedirs(folder, 0o755)

    def put(self, path, *inside):
        """Copies a file to a place in the machine that does not run."""
        target = os.path.join(self.folder, "upper", *inside)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(path, target)

    def install(self, *what):
        """Installs Debian's packages, or package files, with all that they depend on."""
        names = []
        for name in what:
            if name.endswith(".deb"):
                self.put(name, "root", os.path.basename(name))
                name = f"/root/{os.path.basename(name)}"
            names.append(name)
        return in_root(self.folder, self.tree, *APT, *names)

    def boot(self, namespace):
        """Starts systemd inside a network namespace."""
        self.process = subprocess.Popen(namespace.enter(*namespace.tie, IN_ROOT, "boot", self.folder, self.tree), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self._find_init, "systemd to start")
        wait_for(self._is_up, f"{self.folder} to boot", 60, 0.2)

    def _find_init(self):
        """The child of unshare; it is systemd once its root has been changed."""
        if self.process.poll() is not None:
            raise RunError(f"{self.folder} did not boot")
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as children:
            for pid in children.read().split():
                with open(f"/proc/{pid}/comm", encoding="ascii") as comm:
                    if comm.read().strip() == "systemd":
                        self.pid = int(pid)
        return self.pid

    def _is_up(self):
        done = self.attempt("systemctl", "is-system-running")
        return done.stdout.strip() in ("running", "degraded")

    def enter(self, *command):
        """The argument list that runs a command in the running machine."""
        return ["nsenter", "-t", str(self.pid), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w", *command]

    def attempt(self, *command, **options):
        """Runs a command in the running machine, whatever comes of it; returns the CompletedProcess."""
        if "input" not in options:
            options["stdin"] = subprocess.DEVNULL
        return subprocess.run(self.enter(*command), capture_output=True, text=True, check=False, env=ENVIRONMENT, **options)

    def run(self, *command, **options):
        """Runs a command in the running machine; returns what it printed."""
        return run(*self.enter(*command), env=ENVIRONMENT, **options)

    def is_active(self, unit):
        """Whether a unit runs."""
        return self.attempt("systemctl", "is-active", unit).stdout.strip() == "active"

    def wait_active(self, unit):
        """Until a unit runs."""
        try:
            wait_for(lambda: self.is_active(unit), f"{unit} to run", 20)
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{self.journal(unit)}") from None

    def journal(self, unit):
        """What a unit has logged."""
        return self.attempt("journalctl", "--no-pager", "-q", "-o", "cat", "-u", unit).stdout

    def path(self, inside):
        """A file of the running machine as seen from outside."""
        return f"/proc/{self.pid}/root/{inside.lstrip('/')}"

    def off(self):
        """Ends everything in it at once."""
        if self.process and self.process.poll() is None:
            os.kill(self.pid, signal.SIGKILL) if self.pid else self.process.kill()
            self.process.wait()
        self._remove_groups()

    def _remove_groups(self):
        for top in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified"):
            for name in os.listdir(top) if os.path.isdir(top) else []:
                if name.startswith(f"{os.path.basename(self.folder)}."):
                    subprocess.run(["find", os.path.join(top, name), "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"], check=False,
                                   capture_output=True)
