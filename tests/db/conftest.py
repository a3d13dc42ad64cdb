"""A private PostgreSQL for this run with the schema in a template, and a fresh database for every test that asks."""
import itertools
import os
import shlex
import subprocess

import psycopg2
import pytest

TOP = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))


class Server:
    """The running cluster. It ends with this process, however that ends: its keeper waits for our end of a pipe."""

    def __init__(self, *wrapper):
        keeper = "export -p | grep -E ' PG[A-Z]+='; echo; cat >/dev/null"
        self.keeper = subprocess.Popen(
            [*wrapper, os.path.join(TOP, "deploy", "private-cluster"), "run", "--throwaway", "--", "bash", "-c", keeper],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        lines = iter(self.keeper.stdout.readline, "\n")
        words = [shlex.split(line)[-1] for line in itertools.takewhile(bool, lines)]
        self.environment = dict(word.split("=", 1) for word in words)
        self.numbers = itertools.count(1)

    def connect(self, database="postgres", role=None):
        """A connection that commits each statement; as `role` it has signed in as that role would."""
        connection = psycopg2.connect(
            host=self.environment["PGHOST"], port=self.environment["PGPORT"], user=self.environment["PGUSER"],
            passfile=self.environment["PGPASSFILE"], dbname=database)
        connection.autocommit = True
        if role:
            connection.cursor().execute(f"set session authorization {role}")
        return connection

    def run(self, *command, check=True):
        """Runs a client program against the cluster in the folder of the schema."""
        return subprocess.run(
            command, cwd=os.path.join(TOP, "schema"), env=dict(os.environ) | self.environment, check=check, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def create(self, template="template0"):
        """A new database; returns its name."""
        name = f"natsweep_{next(self.numbers)}"
        cursor = self.connect().cursor()
        cursor.execute(f"create database {name} template {template}")
        cursor.execute(f"alter database {name} set jit = off") # as access/no_jit does, whose setting a copy lacks
        return name

    def stop(self):
        """Ends the cluster and removes it."""
        self.keeper.stdin.close()
        self.keeper.wait()


@pytest.fixture(scope="session")
def server():
    """The cluster of this run."""
    running = Server()
    yield running
    running.stop()


def deploy(server):
    """A database with the schema, to copy; nobody stays connected to it."""
    name = server.create()
    deployed = server.run("sqitch", "deploy", "--no-verify", f"db:pg:{name}", check=False) # test_sqitch verifies
    assert deployed.returncode == 0, deployed.stdout
    server.run("psql", "--no-psqlrc", "--quiet", "--dbname", name, "--command", "create extension pgtap")
    return name


@pytest.fixture(scope="session")
def template(server):
    """The database that every test gets a copy of."""
    return deploy(server)


@pytest.fixture
def database(server, template):
    """A database of one's own with the schema; the value is its name."""
    return server.create(template)
