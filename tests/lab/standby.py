"""A streaming standby of a private PostgreSQL, and the failover to it as deploy/guides/postgresql-failover.md has it."""
import os
import shutil

from .database import PRIVATE_CLUSTER
from .process import run, wait_for

POSTGRES_BIN = os.environ.get("NATSWEEP_POSTGRES_BIN", "/usr/lib/postgresql/15/bin")
# As the server runs: PostgreSQL refuses to be root.
AS_SERVER = ("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups") if os.geteuid() == 0 else ()


def password_of(primary):
    """The superuser's password in a cluster of private-cluster."""
    with open(primary.environment["PGPASSFILE"], encoding="utf-8") as file:
        return file.readline().rstrip("\n").split(":")[-1]


class Standby:
    """A copy that follows `primary`, which commits only what this copy has on its disk. From here on whoever uses
    primary.environment finds the one of the two that is read-write."""

    def __init__(self, primary, folder):
        self.primary, self.folder = primary, folder
        self.primary_host = primary.environment["PGHOST"]
        os.mkdir(folder, 0o755)
        if AS_SERVER:
            shutil.chown(folder, "postgres", "postgres")
        self._copy()
        run(PRIVATE_CLUSTER, "start", folder)
        self._commit_on_both()
        primary.environment |= {"PGHOST": self.hosts, "PGTARGETSESSIONATTRS": "read-write"}

    @property
    def hosts(self):
        """Both servers, as a connection string names several."""
        return f"{self.primary_host},{self.folder}/run"

    def _as_server(self, *command):
        run(*AS_SERVER, *command, cwd="/")

    def _copy(self):
        where = f"host={self.primary_host} port={self.primary.environment['PGPORT']} user=postgres password={password_of(self.primary)}"
        self._as_server(f"{POSTGRES_BIN}/pg_basebackup", "--pgdata", f"{self.folder}/data", "--dbname", where, "--write-recovery-conf",
                        "--wal-method=stream", "--checkpoint=fast")
        self._as_server("mkdir", f"{self.folder}/run")
        shutil.copy2(self.primary.environment["PGPASSFILE"], f"{self.folder}/pgpass")

    def _commit_on_both(self):
        """Otherwise a report may be acknowledged, deleted at its agent and then lost with the primary."""
        self.primary.execute("alter system set synchronous_standby_names = '*'")
        self.primary.execute("select pg_reload_conf()")
        query = "select count(*) from pg_stat_replication where sync_state = 'sync'"
        wait_for(lambda: self.primary.value(query) == 1, "the standby to follow")

    def take_over(self):
        """The primary dies, and the standby takes its place."""
        self.primary.crash()
        self._as_server(f"{POSTGRES_BIN}/pg_ctl", "promote", "--silent", "--pgdata", f"{self.folder}/data")
        wait_for(lambda: self.primary.value("select pg_is_in_recovery()") is False, "the standby to be the primary")

    def destroy(self):
        """Removes it."""
        run(PRIVATE_CLUSTER, "destroy", self.folder)
