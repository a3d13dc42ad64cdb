"""Whose a namespace or folder is: names carry the owner's process id and start time, so that a later run can tell the leftovers of
a killed run from what belongs to one that goes on beside it."""
import glob
import os
import secrets
import shutil
import signal
import subprocess
import tempfile

from .process import wait_for

PREFIX = "natsweep"
NAMESPACES = "/run/netns"


def start_ticks(pid):
    """When a process started (field 22 of its stat), None when there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            return int(stat.read().rpartition(")")[2].split()[19])
    except (OSError, IndexError):
        return None


def owned_name():
    """The beginning of the names of what this process is about to make; another one each time."""
    pid = os.getpid()
    return f"{PREFIX}-{pid}-{start_ticks(pid)}-{secrets.token_hex(3)}"


def is_leftover(name):
    """Whether `name` is one of ours and its owner is gone."""
    parts = name.split("-")
    if parts[0] != PREFIX or len(parts) < 4 or not (parts[1].isdigit() and parts[2].isdigit()):
        return False
    return start_ticks(int(parts[1])) != int(parts[2])


def entries(folder):
    """The names in a folder, none when it does not exist."""
    return os.listdir(folder) if os.path.isdir(folder) else []


def delete_namespace(name):
    """Kills what runs in a namespace and removes it; fine when it is gone already."""
    listed = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True, check=False)
    for pid in listed.stdout.split():
        try:
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            pass
    subprocess.run(["ip", "netns", "delete", name], capture_output=True, check=False)


def end_servers(folder):
    """Ends every PostgreSQL whose data lies below a folder: it is in no namespace, and nobody's child."""
    for path in glob.glob(os.path.join(glob.escape(folder), "**", "data", "postmaster.pid"), recursive=True):
        with open(path, encoding="ascii") as file:
            pid = int(file.readline())
        try:
            os.kill(pid, signal.SIGQUIT)
            wait_for(lambda process=pid: not os.path.exists(f"/proc/{process}"), "PostgreSQL to end")
        except ProcessLookupError:
            pass


def reap():
    """Removes what runs that died without cleaning up have left; returns the names."""
    namespaces = [name for name in entries(NAMESPACES) if is_leftover(name)]
    for name in namespaces:
        delete_namespace(name)
    folders = [name for name in entries(tempfile.gettempdir()) if is_leftover(name)]
    for name in folders:
        end_servers(os.path.join(tempfile.gettempdir(), name))
        shutil.rmtree(os.path.join(tempfile.gettempdir(), name), ignore_errors=True)
    return namespaces + folders
