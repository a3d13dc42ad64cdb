"""A private PostgreSQL with natsweep's schema."""
import json
import os
import shlex
import signal

from .process import run, wait_for

TOP = os.path.realpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
PRIVATE_CLUSTER = os.path.join(TOP, "deploy", "private-cluster")
BIN = os.environ.get("NATSWEEP_BIN", os.path.join(TOP, "build", "dev", "bin"))


class Database:
    """A cluster in a folder of its own, reached by its unix socket; `environment` is what libpq wants to know. It has the schema:
    made anew, which takes a while, or copied with the stopped cluster `template`."""

    def __init__(self, folder, *flags, template=None):
        self.folder = folder
        self.flags = flags
        self.environment = {}
        if template:
            run("cp", "-a", template, folder)
        self.start()
        if not template:
            self.natsweep("init", "--schema-dir", os.path.join(TOP, "schema"))

    def natsweep(self, *arguments, **options):
        """Runs the operator's command; returns what it printed."""
        return run(f"{BIN}/natsweep", *arguments, env=self.environment, **options)

    def start(self):
        """Starts the server; fine when it runs."""
        said = run(PRIVATE_CLUSTER, "start", self.folder, *self.flags)
        words = [word for line in said.splitlines() for word in shlex.split(line) if "=" in word]
        self.environment = dict(os.environ) | dict(word.split("=", 1) for word in words)

    def crash(self):
        """Ends the server at once, as a power cut would (pg_ctl's immediate mode); start() brings it back."""
        with open(os.path.join(self.folder, "data", "postmaster.pid"), encoding="ascii") as file:
            pid = int(file.readline())
        os.kill(pid, signal.SIGQUIT)
        wait_for(lambda: not os.path.exists(f"/proc/{pid}"), "PostgreSQL to end")

    def sql(self, query):
        """The rows of a query as a list of dicts (through JSON, so that every type comes as itself)."""
        text = f"select coalesce(json_agg(answer), '[]') from ({query}) answer"
        return json.loads(run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", text, env=self.environment))

    def value(self, query):
        """The one value of a query."""
        (row,) = self.sql(query)
        (value,) = row.values()
        return value

    def execute(self, statement):
        """Runs a statement that returns nothing."""
        run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-c", statement, env=self.environment)

    def stop(self):
        """An orderly end; the data stays."""
        run(PRIVATE_CLUSTER, "stop", self.folder)

    def destroy(self):
        """Removes the cluster."""
        run(PRIVATE_CLUSTER, "destroy", self.folder)
