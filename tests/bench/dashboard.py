"""How long the dashboard's views take in Chromium, from the first byte asked to what they are about, over ten thousand sites."""
import json
import os
import secrets
import subprocess
import tempfile

from db.conftest import TOP, Server
from lab.database import BIN
from lab.process import run, tail, wait_for

from .table import Table
from .views import prepared

DAYS = 90
GOAL_MS = 1000


def serving(settings, log):
    """A running dashboard and its address."""
    with open(log, "w", encoding="utf-8") as output:
        process = subprocess.Popen([f"{BIN}/natsweep-dashboard", "--settings", settings], stdout=output, stderr=subprocess.STDOUT)
    wait_for(lambda: process.poll() is not None or "serving" in tail(log), "the dashboard to serve")
    return process, tail(log).partition("serving ")[2].strip().rstrip("/")


def main():
    """Each view's time to what it is about, a cold cache each time."""
    run("npm", "ci", "--prefix", os.path.join(TOP, "tests", "browser"), "--no-audit", "--no-fund", "--ignore-scripts")
    server = Server()
    try:
        name = prepared(server, DAYS)
        password = secrets.token_hex(8)
        cursor = server.connect(name).cursor()
        cursor.execute("vacuum analyze")
        cursor.execute(f"create role looker login in role natsweep_admin password '{password}'")
        with tempfile.TemporaryDirectory() as folder:
            settings = os.path.join(folder, "dashboard.conf")
            with open(settings, "w", encoding="utf-8") as file:
                file.write("[dashboard]\nlisten = 127.0.0.1:0\n[database]\n"
                           f"dsn = host={server.environment['PGHOST']} port={server.environment['PGPORT']} dbname={name}\n")
            process, address = serving(settings, os.path.join(folder, "log"))
            try:
                figures = json.loads(run("node", os.path.join(TOP, "tests", "browser", "paint.js"), address, "looker", password))
            finally:
                process.terminate()
                process.wait()
        table = Table(f"The dashboard's views over {DAYS} days of 10,000 sites", "ms", "the goal")
        table.add("the goal", GOAL_MS)
        for view, milliseconds in figures.items():
            table.add(view, milliseconds)
        table.print()
    finally:
        server.stop()
