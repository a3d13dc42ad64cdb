"""The pgTAP tests of schema/test, a database for each."""
import glob
import os

import pytest

from conftest import TOP

FILES = sorted(glob.glob(os.path.join(TOP, "schema", "test", "*.sql")))


@pytest.mark.parametrize("path", FILES, ids=os.path.basename)
def test_pgtap(server, database, path):
    proved = server.run("pg_prove", "--dbname", database, "--norc", os.path.relpath(path, os.path.join(TOP, "schema")), check=False)
    assert proved.returncode == 0, proved.stdout
