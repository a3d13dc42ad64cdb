"""Every query of Grafana's boards as Grafana would send it, against the real schema with a quarter of data, as a viewer."""
import json
import pathlib
import re

import psycopg2
import pytest
from conftest import TOP

GRAFANA = pathlib.Path(TOP, "deploy/grafana")
BOARDS = sorted((GRAFANA / "boards").glob("*.json"))
# Panels that are empty in a fleet without agents, requests, vantages and webhooks of its own.
MAY_BE_EMPTY = {"Agent", "Requests", "Servers", "Webhooks", "Agents that need a look", "Agent versions", "Outages"}


def read(board):
    return json.loads(board.read_text(encoding="utf-8"))


def panels():
    """(board, panel, format, SQL) of all."""
    return [(board.stem, panel["title"], target["format"], target["rawSql"])
            for board in BOARDS for panel in read(board)["panels"] for target in panel["targets"]]


@pytest.fixture(scope="module")
def viewer(server, template):
    """A connection as the data source has it."""
    database = server.create(template)
    cursor = server.connect(database).cursor()
    for name in ("history", "quarter"):
        cursor.execute(pathlib.Path(TOP, f"schema/test/fixture/{name}.sql").read_text(encoding="utf-8"))
    cursor.execute(f"create role grafana_{database} login in role natsweep_viewer")
    cursor.execute("select natsweep.grant_customer(%s, 'Nordwind Hotels')", (f"grafana_{database}",))
    connection = server.connect(database, role=f"grafana_{database}")
    yield connection
    connection.close()


def ask(viewer, sql):
    cursor = viewer.cursor()
    cursor.execute(sql)
    return [column.name for column in cursor.description], [column.type_code for column in cursor.description], cursor.fetchall()


def substituted(viewer, sql):
    """What Grafana makes of its macros and variables."""
    customers = ", ".join(f"'{name}'" for (name,) in ask(viewer, "select name from natsweep.customer")[2])
    site = ask(viewer, "select site_id from natsweep.site_status where site = 'Flensburg'")[2][0][0]
    begin, end = ask(viewer, """select to_char(now() - interval '90 days', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), to_char(now(), 'YYYY-MM-DD"T"HH24:MI:SS"Z"')""")[2][0]
    sql = re.sub(r"\$__timeFilter\(([^()]*)\)", rf"\1 BETWEEN '{begin}' AND '{end}'", sql)
    sql = sql.replace("$__timeFrom()", f"'{begin}'").replace("$__timeTo()", f"'{end}'")
    sql = sql.replace("${customer:sqlstring}", customers).replace("${site}", str(site))
    assert "$" not in sql, sql
    return sql


@pytest.mark.parametrize("board, title, kind, sql", panels(), ids=lambda value: value if len(value) < 30 else "")
def test_each_panel_shows_something(viewer, board, title, kind, sql):
    names, types, rows = ask(viewer, substituted(viewer, sql))
    assert rows or title in MAY_BE_EMPTY, (board, title)
    assert not {"customer"} & set(names) or {row[names.index("customer")] for row in rows} <= {"Nordwind Hotels"}, "nothing of another customer"
    if kind == "time_series":
        assert names[0] == "time" and types[0] == 1184, "a timestamptz first"
        assert all(isinstance(value, (int, float, type(None))) or hasattr(value, "as_tuple") for row in rows for value in row[1:])
        assert [row[0] for row in rows] == sorted(row[0] for row in rows)


def test_each_variable_has_values(viewer):
    count = 0
    for board in BOARDS:
        for variable in read(board)["templating"]["list"]:
            assert ask(viewer, substituted(viewer, variable["query"]))[2], (board.stem, variable["name"])
            count += 1
    assert count == 3


def test_the_fleet_is_counted_right(viewer):
    by_title = {title: sql for board, title, _, sql in panels() if board == "fleet"}
    assert ask(viewer, substituted(viewer, by_title["Sites"]))[2] == [(12,)]
    assert dict(ask(viewer, substituted(viewer, by_title["Outcomes"]))[2]) == {"supported": 8, "partial": 2, "unsupported": 1, "never swept": 1}


def test_what_grafana_needs_is_there():
    assert [board.stem for board in BOARDS] == ["fleet", "operations", "site", "trends"]
    assert len({read(board)["uid"] for board in BOARDS}) == 4 and len(panels()) > 35
    for board in BOARDS:
        numbers = [panel["id"] for panel in read(board)["panels"]]
        assert len(set(numbers)) == len(numbers)
        assert {panel["datasource"]["uid"] for panel in read(board)["panels"]} == {"natsweep"}
        places = [panel["gridPos"] for panel in read(board)["panels"]]
        cells = [(x, y) for p in places for x in range(p["x"], p["x"] + p["w"]) for y in range(p["y"], p["y"] + p["h"])]
        assert len(set(cells)) == len(cells) and max(x for x, _ in cells) < 24, "panels lie beside each other"
    source = (GRAFANA / "provisioning/datasources/natsweep.yml").read_text(encoding="utf-8")
    assert "uid: natsweep" in source and "password: $NATSWEEP_DATABASE_PASSWORD" in source and "sslmode: verify-full" in source


def test_a_viewer_can_change_nothing(viewer):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        ask(viewer, "select natsweep.request_sweep('{\"all\": true}')")
