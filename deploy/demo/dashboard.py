"""The demo's dashboard, for who stays to look around: on this machine's own loopback, with a user and a history to look at."""
import os
import re
import secrets
import signal
import socket
import subprocess

from lab.fleet import BIN, READY_S, write_file
from lab.process import run, tail, wait_for

USER, PORT = "demo", 8480


def free_port():
    """The usual port, or any when somebody has it (0: the dashboard chooses)."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", PORT))
        except OSError:
            return 0
    return PORT


def open_dashboard(fleet, folder):
    """Starts it with ninety days of history; returns its address, the user and the password."""
    where = fleet.database.environment
    run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", os.path.join(os.path.dirname(__file__), "history.sql"), env=where)
    password = secrets.token_urlsafe(9)
    fleet.natsweep("user", "add", USER, "--as", "admin", "--password-file", "-", input=password + "\n")
    home = os.path.join(folder, "dashboard")
    os.mkdir(home, 0o700)
    settings = write_file(os.path.join(home, "dashboard.conf"), f"""[dashboard]
listen = 127.0.0.1:{free_port()}
[database]
dsn = host={where['PGHOST']} port={where['PGPORT']} dbname={where['PGDATABASE']}
""")
    log = os.path.join(home, "log")
    with open(log, "w", encoding="utf-8") as output:
        process = subprocess.Popen([f"{BIN}/natsweep-dashboard", "--settings", settings], stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, start_new_session=True)
    write_file(os.path.join(home, "pid"), str(process.pid))
    wait_for(lambda: process.poll() is not None or "serving" in tail(log), "the dashboard to serve", READY_S)
    said = re.search(r"serving (\S+)", tail(log))
    if not said:
        raise RuntimeError(f"the dashboard ended with {process.poll()}:\n{tail(log)}")
    return said[1], USER, password


def close_dashboard(folder):
    """Ends it, if it runs."""
    settings = os.path.join(folder, "dashboard", "dashboard.conf")
    try:
        with open(os.path.join(folder, "dashboard", "pid"), encoding="ascii") as file:
            pid = int(file.read())
        with open(f"/proc/{pid}/cmdline", encoding="utf-8") as file:
            ours = settings in file.read().split("\0")
    except (OSError, ValueError):
        return
    if ours:
        os.kill(pid, signal.SIGTERM)
        wait_for(lambda: has_ended(pid), "the dashboard to end")


def has_ended(pid):
    """Whether a process is gone, or only waits for its parent to ask how it ended."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True
