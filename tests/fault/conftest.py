"""A fleet that shall be hurt."""
import pytest

from lab import Lab
from lab.conftest import bed  # noqa: F401  pylint: disable=unused-import
from lab.database import Database
from lab.fleet import Fleet


@pytest.fixture(name="lab")
def fresh_lab():
    """A fresh internet."""
    with Lab() as lab:
        yield lab


@pytest.fixture(name="template", scope="session")
def prepared_cluster():
    """A stopped cluster with the schema, to be copied."""
    with Lab() as lab:
        database = Database(f"{lab.folder}/template")
        database.stop()
        yield database.folder
        database.destroy()


@pytest.fixture(name="fleet")
def fresh_fleet(lab, template):
    """A database with the schema and a vantage; no collector, no agent yet."""
    fleet = Fleet(lab, lab.vantage(secret="correct horse battery"), template=template)
    try:
        fleet.natsweep("customer", "add", "Lab")
        yield fleet
    finally:
        fleet.close()
