"""Every change of the schema can be made, checked and taken back."""
import psycopg2
import pytest

OBJECTS = """
    select (select count(*) from pg_class where relnamespace in (select oid from pg_namespace where nspname = 'natsweep')),
           (select count(*) from pg_proc where pronamespace in (select oid from pg_namespace where nspname = 'natsweep')),
           (select count(*) from pg_namespace where nspname = 'natsweep'),
           (select count(*) from pg_roles where rolname like 'natsweep%')"""


def counted(server, database):
    connection = server.connect(database)
    cursor = connection.cursor()
    cursor.execute(OBJECTS)
    objects = cursor.fetchone()
    connection.close()
    return objects


def test_all_the_way_round(server):
    name = server.create()
    target, empty = f"db:pg:{name}", counted(server, name)
    server.run("sqitch", "deploy", "--no-verify", target)
    deployed = counted(server, name)
    server.run("sqitch", "verify", target)
    server.run("sqitch", "revert", "-y", target)
    assert counted(server, name) == empty, "roles stay because another database needs them; nothing else may"
    server.run("sqitch", "deploy", "--no-verify", target)
    assert counted(server, name) == deployed


def test_verify_can_fail(server, database):
    server.connect(database).cursor().execute("drop function natsweep.tick()")
    only = ("--from-change", "collector/tick", "--to-change", "collector/tick")
    verified = server.run("sqitch", "verify", *only, f"db:pg:{database}", check=False)
    assert verified.returncode != 0
    assert "collector/tick" in verified.stdout


def test_connections_need_a_password(server):
    with pytest.raises(psycopg2.OperationalError, match="no password supplied"):
        psycopg2.connect(host=server.environment["PGHOST"], port=server.environment["PGPORT"], user="postgres", passfile="/nonexistent")
