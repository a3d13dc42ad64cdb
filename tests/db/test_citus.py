"""The change that distributes the schema with Citus, as far as plain PostgreSQL can tell: its list, its refusals, what it asks of Citus."""
import os

import pytest

from conftest import TOP

FOLDER = os.path.join(TOP, "schema", "citus")
STUB = os.path.join(TOP, "tests", "db", "citus_stub.sql")
TABLES = """select c.relname from pg_class c
            where c.relnamespace = 'natsweep'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition"""
STATE = """select array(select format('%s %s %s', c.oid, c.relname, c.relacl) from pg_class c join pg_namespace n on n.oid = c.relnamespace
                        where n.nspname in ('natsweep', 'natsweep_citus') order by c.oid),
                  array(select format('%s %s %s %s %s', p.polrelid::regclass, p.polname, p.polcmd, p.polroles::regrole[],
                                      pg_get_expr(p.polqual, p.polrelid)) as policy from pg_policy p order by policy),
                  array(select format('%s %s %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) as key
                        from pg_constraint c where c.contype = 'f' order by key),
                  array(select nspname from pg_namespace where nspname like 'natsweep%' order by nspname)"""


def asked(server, database, query):
    connection = server.connect(database)
    cursor = connection.cursor()
    cursor.execute(query)
    rows = cursor.fetchall() if cursor.description else None
    connection.close()
    return rows


def sqitch(server, database, what, *arguments):
    return server.run("sqitch", "--chdir", FOLDER, what, *arguments, f"db:pg:{database}", check=False)


def succeeded(done):
    assert done.returncode == 0, done.stdout


@pytest.fixture
def stubbed(server, database):
    """A database with the schema and the stub."""
    succeeded(server.run("psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", database, "--file", STUB, check=False))
    return database


@pytest.fixture
def distributed(server, stubbed):
    """The same with the change deployed and verified."""
    succeeded(sqitch(server, stubbed, "deploy"))
    return stubbed


def placed(server, database, place):
    return [name for name, in asked(server, database, f"select name from natsweep_citus.placement where place = '{place}' order by position")]


def test_without_citus_it_refuses_and_changes_nothing(server, database):
    before = asked(server, database, STATE)
    done = sqitch(server, database, "deploy")
    assert done.returncode != 0
    assert "the extension citus is not in this database, so natsweep stays on one machine as it was" in done.stdout
    assert "deploy/guides/citus.md" in done.stdout
    assert asked(server, database, STATE) == before


def test_every_table_is_in_one_list(server, distributed):
    lists = [placed(server, distributed, place) for place in ("reference", "distributed", "local")]
    assert all(lists)
    assert sorted(sum(lists, [])) == sorted(name for name, in asked(server, distributed, TABLES))


@pytest.mark.parametrize("statement, sentence", [
    ("create table natsweep.novelty (site_id bigint)", "novelty is not in the list"),
    ("drop table natsweep.webhook_quiet", "webhook_quiet is in the list and not in the database")])
def test_a_list_that_does_not_fit_is_refused(server, stubbed, statement, sentence):
    asked(server, stubbed, statement)
    before = asked(server, stubbed, STATE)
    done = sqitch(server, stubbed, "deploy")
    assert done.returncode != 0
    assert sentence in done.stdout and "schema/citus/deploy/distribute.sql" in done.stdout
    assert asked(server, stubbed, STATE) == before
    assert asked(server, stubbed, "select * from stub.call") == []


def test_what_it_asks_of_citus(server, distributed):
    leader, *others = placed(server, distributed, "distributed")
    calls = [("reference", f"natsweep.{name}", None, None) for name in placed(server, distributed, "reference")]
    calls += [("distributed", f"natsweep.{leader}", "site_id", "none")]
    calls += [("distributed", f"natsweep.{name}", "site_id", f"natsweep.{leader}") for name in others]
    assert calls == asked(server, distributed, "select name, relation::text, key, colocate_with from stub.call order by position")
    assert asked(server, distributed, "select distinct mode from stub.call") == [("sequential",)]


def test_keys_allow_the_placement(server, distributed):
    keys = asked(server, distributed, """
        select p.name, i.indexrelid::regclass::text, a.attname
        from natsweep_citus.placement p
        join pg_index i on i.indrelid = format('natsweep.%I', p.name)::regclass and i.indisunique
        left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
        where p.place = 'distributed'""")
    assert keys and [key for key in keys if key[2] != "site_id"] == []
    columns = {name for name, in asked(server, distributed, """
        select p.name from natsweep_citus.placement p
        join pg_attribute a on a.attrelid = format('natsweep.%I', p.name)::regclass and a.attname = 'site_id'
        where a.atttypid = 'bigint'::regtype and a.attnotnull""")}
    assert set(placed(server, distributed, "distributed")) <= columns
    assert {name for name, in asked(server, distributed, "select name from natsweep.fact_table")} <= set(placed(server, distributed, "distributed"))


def test_foreign_keys_allow_the_placement(server, distributed):
    keys = asked(server, distributed, """
        select c.conrelid::regclass::text, a.place, a.position, c.confrelid::regclass::text, b.place, b.position
        from pg_constraint c
        join natsweep_citus.placement a on c.conrelid = format('natsweep.%I', a.name)::regclass
        join natsweep_citus.placement b on c.confrelid = format('natsweep.%I', b.name)::regclass
        where c.contype = 'f'""")
    assert {(of, to) for _, of, _, _, to, _ in keys} == {("reference", "reference"), ("local", "local")}
    assert [key for key in keys if key[1] == "reference" and key[2] <= key[5]] == []


def test_triggers_stay_on_the_coordinator(server, distributed):
    assert asked(server, distributed, """
        select p.name, t.tgname from natsweep_citus.placement p
        join pg_trigger t on t.tgrelid = format('natsweep.%I', p.name)::regclass and not t.tgisinternal
        where p.place <> 'local'""") == []


def test_a_viewer_of_one_customer_reads_nothing_and_an_administrator_all(server, stubbed):
    asked(server, stubbed, """
        create role citus_viewer login in role natsweep_viewer; create role citus_admin login in role natsweep_admin;
        insert into natsweep.customer (name) values ('Acme');
        insert into natsweep.customer_member (member, customer_id) select 'citus_viewer', customer_id from natsweep.customer;
        insert into natsweep.site (customer_id, name) select customer_id, 'Zurich' from natsweep.customer""")
    try:
        for deployed, expected in (False, {"citus_viewer": 1, "citus_admin": 1}), (True, {"citus_viewer": 0, "citus_admin": 1}):
            if deployed:
                succeeded(sqitch(server, stubbed, "deploy"))
            for role, sites in expected.items():
                connection = server.connect(stubbed, role)
                cursor = connection.cursor()
                cursor.execute("select count(*) from natsweep.site")
                assert cursor.fetchone() == (sites,), (role, deployed)
                connection.close()
    finally:
        asked(server, stubbed, "delete from natsweep.customer_member; drop role citus_viewer; drop role citus_admin")


def test_verify_can_fail(server, distributed):
    asked(server, distributed, "create table natsweep.novelty (site_id bigint)")
    done = sqitch(server, distributed, "verify")
    assert done.returncode != 0 and "not in the list of placements: novelty" in done.stdout
    asked(server, distributed, "drop table natsweep.novelty")
    succeeded(sqitch(server, distributed, "verify"))
    asked(server, distributed, "delete from pg_dist_partition where logicalrelid = 'natsweep.site_day'::regclass")
    done = sqitch(server, distributed, "verify")
    assert done.returncode != 0 and "not where the list of placements has them: site_day" in done.stdout
    asked(server, distributed, "insert into pg_dist_partition values ('natsweep.site_day', 'h', 's', 3)")
    done = sqitch(server, distributed, "verify")
    assert done.returncode != 0 and "not colocated" in done.stdout


def test_revert_brings_all_back(server, stubbed):
    before = asked(server, stubbed, STATE)
    succeeded(sqitch(server, stubbed, "deploy"))
    assert asked(server, stubbed, STATE) != before
    succeeded(sqitch(server, stubbed, "revert", "-y"))
    assert asked(server, stubbed, STATE) == before
    assert asked(server, stubbed, "select * from pg_dist_partition") == []


def test_revert_that_would_lose_something_does_nothing(server, distributed):
    asked(server, distributed, """
        create or replace function pg_catalog.undistribute_table(table_name regclass, cascade_via_foreign_keys boolean default false) returns void
        language plpgsql as $$ begin drop function if exists natsweep.tick() cascade; end $$""")
    before = asked(server, distributed, STATE)
    done = sqitch(server, distributed, "revert", "-y")
    assert done.returncode != 0 and "going back would lose natsweep.tick()" in done.stdout
    assert asked(server, distributed, STATE) == before


def test_the_schema_is_not_taken_away_from_under_it(server, distributed):
    done = server.run("sqitch", "revert", "-y", "--to", "@HEAD^", f"db:pg:{distributed}", check=False)
    assert done.returncode != 0 and "natsweep-citus:distribute" in done.stdout
