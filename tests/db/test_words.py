"""Words and limits are the same in C and in SQL."""
import os
import re
import subprocess

import pytest

from conftest import TOP

# "forwarding" is judged by the collector from ports: it is in no message and so not in the header.
SQL_ONLY = {"forwarding"}
# The cure is another one where somebody else reads it: not on the host, but at the fleet.
OTHER_CURE = {"in_use", "no_turn_credentials"}


def header(name):
    with open(os.path.join(TOP, "proto", name), encoding="utf-8") as file:
        return file.read().replace("\\\n", " ")


def limit(file, name):
    return int(re.search(rf"#define {name} (\d+)", header(file))[1])


def words_of_header():
    found = {}
    for list_name, body in re.findall(r"#define (\w+)_WORDS\(X\)(.*)", header("words.h")):
        for word, number in re.findall(r"X\(\w+, (\w+), (\d+)\)", body):
            found[list_name.lower(), int(number)] = word
    return found


@pytest.fixture
def ask(server, database):
    """The rows of a query."""
    def rows(query):
        cursor = server.connect(database).cursor()
        cursor.execute(query)
        return cursor.fetchall()

    return rows


def source(ask, function):
    return ask(f"select prosrc from pg_proc where oid = 'natsweep.{function}'::regproc")[0][0]


def test_words(ask):
    in_sql = {(list_name, number): word for list_name, number, word in ask("select list, number, word from natsweep.word")}
    in_c = words_of_header()
    assert len(in_c) > 50
    assert {key: word for key, word in in_sql.items() if key[0] not in SQL_ONLY} == in_c


def test_schema_version(ask):
    assert ask("select natsweep.schema_version()") == [(limit("limits.h", "SCHEMA_VERSION"),)]


def test_port_ranges_fit(ask):
    assert f"ranges_max constant integer := {limit('port_list.h', 'PORT_RANGES_MAX')};" in source(ask, "parse_ports")


def test_pace_is_capped_alike(ask):
    assert f"natsweep.option_number(options, 'pace', 400, 0, {limit('limits.h', 'SWEEP_PACE_PPS_MAX')})" in source(ask, "add_request")


def told_by(probe):
    """The lines of a program that prints what the agent says, split at tabs."""
    path = os.path.join(os.environ.get("NATSWEEP_BIN", os.path.join(TOP, "build", "dev", "bin")), probe)
    return [line.split("\t") for line in subprocess.run([path], check=True, capture_output=True, text=True).stdout.splitlines()]


def test_a_router_is_told_of_alike(ask):
    said = {tuple(line) for line in told_by("remedy_probe")}
    assert len(said) > 40
    assert set(ask("select remedy, family, hint from natsweep.remedy_hints()")) == said


def test_a_port_is_explained_alike(ask):
    said = dict(told_by("explanation_probe"))
    assert len(said) > 1000
    of_sql = dict(ask(f"""
        select line, natsweep.port_message(f[1], f[2], nullif(f[3], '-'), nullif(f[4], '-')::boolean, f[5], f[6]::boolean)
        from unnest('{{{",".join(said)}}}'::text[]) as line, string_to_array(line, ' ') as f"""))
    for kind, sentence in said.items():
        if OTHER_CURE & set(kind.split()):
            cause = sentence.split(". ")[0]
            assert of_sql[kind].startswith(cause), kind
        else:
            assert of_sql[kind] == sentence, kind
