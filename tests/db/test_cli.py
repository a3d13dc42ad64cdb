"""The operator's command against a real PostgreSQL: what it prints, how it fails, and how a sweep is waited for.

The collector is played by this file, through the same SQL functions that the real one calls."""
import base64
import csv
import datetime
import hashlib
import io
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading

import psycopg2
import pytest
from conftest import Server

TOP = pathlib.Path(__file__).resolve().parents[2]
NATSWEEP = os.environ.get("NATSWEEP", str(TOP / "build/dev/bin/natsweep"))
CLUSTER = str(TOP / "deploy/private-cluster")
SERVER_KEY = bytes(range(32))
SUPPORTED, PARTIAL, NOT_RUN = 1, 2, 5  # numbers of proto/words.h
WAIT_S = 300  # the schema's two hundred changes take a minute and more on a busy machine


@pytest.fixture(scope="module")
def cluster():
    """The environment of a cluster of its own: these tests make roles and restart the server."""
    running = Server()
    yield running.environment
    running.stop()


@pytest.fixture(scope="module")
def fleet(cluster):
    """The schema with two customers, a vantage, a collector, and users of each kind."""
    deployed = natsweep(cluster, "init", "--schema-dir", str(TOP / "schema"))
    assert deployed.returncode == 0, deployed.stderr
    sql(cluster, "select natsweep.create_customer('Acme'), natsweep.create_customer('Beta'), natsweep.create_site('Acme', 'Berlin'),"
        " natsweep.create_site('Acme', 'Twin'), natsweep.create_site('Beta', 'Twin'), natsweep.set_vantage('one', '192.0.2.1:3478')")
    for role, kind, customer in (("vera", "viewer", "Acme"), ("olga", "operator", "Acme"), ("adam", "admin", None)):
        made = natsweep(cluster, "user", "add", role, "--as", kind, *(["--customer", customer] if customer else []),
                        "--password-file", "-", stdin="secret of " + role)
        assert made.returncode == 0, made.stderr
    return cluster


def natsweep(env, *arguments, stdin="", **more):
    """Runs the command with the cluster's environment."""
    return subprocess.run([NATSWEEP, *arguments], env={**os.environ, **env, **more}, input=stdin, capture_output=True, text=True,
                          timeout=WAIT_S, check=False)


def as_role(env, role):
    return {**env, "PGUSER": role, "PGPASSWORD": "secret of " + role, "PGDATABASE": "postgres"}


def sql(env, statement, *parameters):
    """Runs one statement as the superuser and returns its rows."""
    connection = psycopg2.connect(host=env["PGHOST"], port=env["PGPORT"], user=env["PGUSER"], dbname=env["PGDATABASE"],
                                  passfile=env["PGPASSFILE"])
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def sentence(result, code):
    """A failure is one line on stderr, no more, with its exit code, and nothing on stdout."""
    assert result.returncode == code, result.stderr
    assert re.fullmatch(r"natsweep: [^\n]+\n", result.stderr), result.stderr
    assert result.stdout == ""
    assert not re.search(r"CONTEXT|LINE \d|ERROR:|HINT|PL/pgSQL", result.stderr)
    return result.stderr[len("natsweep: "):-1]


def rows(env, *arguments):
    """The rows a command prints, and that JSON, CSV and text agree on how many there are."""
    as_json = json.loads(natsweep(env, *arguments, "--format", "json").stdout)
    as_csv = list(csv.DictReader(io.StringIO(natsweep(env, *arguments, "--format", "csv").stdout)))
    as_text = natsweep(env, *arguments).stdout.splitlines()
    assert len(as_csv) == len(as_json)
    assert len(as_text) == len(as_json) + 1
    assert all(list(c) == list(j) for c, j in zip(as_csv, as_json))
    return as_json


# Bad input: one sentence, a code of its kind, nothing changed.

def test_an_agent_is_moved_rekeyed_and_told_of(fleet):
    secret = hashlib.sha256(b"a token of its own").digest()
    sql(fleet, "select natsweep.create_site('Acme', 'Mover'), natsweep.create_site('Acme', 'Target'), natsweep.create_token('Acme', 'Mover', sha256(%s))",
        secret)
    ((agent,),) = sql(fleet, "select agent_id from natsweep.enroll_agent(sha256(%s), %s, 'pbx-mover', '1.0')", secret, hashlib.sha256(b"key").digest())
    olga = as_role(fleet, "olga")
    assert sentence(natsweep(olga, "agent", "move", str(agent)), 64).startswith("say where it goes")
    assert "no agent 4711" in sentence(natsweep(olga, "agent", "move", "4711", "--site", "Target"), 65)
    assert 'no site "Nowhere"' in sentence(natsweep(olga, "agent", "move", str(agent), "--site", "Nowhere"), 67)
    moved = json.loads(natsweep(olga, "agent", "move", str(agent), "--site", "Target", "--format", "json").stdout)
    assert moved == {"agent": agent, "customer": "Acme", "site": "Target"}
    assert natsweep(olga, "agent", "change-key", str(agent)).returncode == 0
    assert sql(fleet, "select new_key_wanted from natsweep.agent where agent_id = %s", agent) == [(True,)]
    events = [(row["what"], row["site"]) for row in rows(olga, "agent", "events", "--customer", "Acme") if row["agent"] == agent]
    assert sorted(events) == [("enrolled", "Mover"), ("moved", "Mover")]
    assert sum(row["agents"] for row in rows(olga, "agent", "versions")) >= 1
    sql(fleet, "select natsweep.collector_start('lister', 1, '9.9')")
    sql(fleet, "select natsweep.collector_publish("
        "(select collector_id from natsweep.collector where name = 'lister'), %s, '{tcp://a:1}', '{tcp://a:2}', %s)", SERVER_KEY, SERVER_KEY[::-1])
    (listed,) = [row for row in rows(olga, "collector", "list") if row["collector"] == "lister"]
    assert (listed["alive"], listed["version"], listed["agents"], listed["endpoints"]) == (True, "9.9", 0, "tcp://a:1")
    assert [row["agent"] for row in rows(olga, "agent", "list", "--behind")] == [agent] and listed["agents_behind"] == 1
    sql(fleet, "select natsweep.agent_hello((select collector_id from natsweep.collector where name = 'lister'), %s, 1, '1.0', 'pbx', 0, true, '{}', '{}')", agent)
    sql(fleet, "update natsweep.agent_seen set last_seen = now() + interval '20 s' where agent_id = %s", agent)
    assert not rows(olga, "agent", "list", "--behind")
    assert natsweep(olga, "agent", "revoke", str(agent)).returncode == 0
    sql(fleet, "select natsweep.remove_site('Acme', 'Mover'), natsweep.remove_site('Acme', 'Target')")
    sql(fleet, "delete from natsweep.collector where name = 'lister'")


def test_database_down(tmp_path):
    text = sentence(natsweep({"PGHOST": str(tmp_path)}, "report"), 69)
    assert "cannot reach the database" in text and str(tmp_path) in text and "No such file" in text
    assert "port 1 failed: Connection refused;" in sentence(natsweep({}, "report", "--dsn", "host=127.0.0.1 port=1"), 69)
    assert '"hots"' in sentence(natsweep({}, "report", "--dsn", "hots=127.0.0.1"), 64)


def test_wrong_password(fleet):
    text = sentence(natsweep({**as_role(fleet, "vera"), "PGPASSWORD": "wrong"}, "report"), 77)
    assert "turned us away" in text and 'password authentication failed for user "vera"' in text


def test_schema_missing(cluster):
    sql(cluster, "create database hollow")
    assert "natsweep init" in sentence(natsweep({**cluster, "PGDATABASE": "hollow"}, "report"), 78)


def test_schema_too_old(fleet):
    sql(fleet, "create database old")
    old = {**fleet, "PGDATABASE": "old"}
    sql(old, "create schema natsweep")
    sql(old, "create function natsweep.schema_version() returns integer language sql return 0")
    assert "version 0" in sentence(natsweep(old, "report"), 78)


def test_init_needs_sqitch(cluster, tmp_path):
    text = sentence(natsweep(cluster, "init", "--schema-dir", str(TOP / "schema"), PATH=str(tmp_path)), 69)
    assert "sqitch is not installed" in text


def test_init_needs_rights(fleet):
    assert "vera" in sentence(natsweep(as_role(fleet, "vera"), "init", "--schema-dir", str(TOP / "schema")), 77)


def test_init_needs_a_schema(cluster, tmp_path):
    assert str(tmp_path) in sentence(natsweep(cluster, "init", "--schema-dir", str(tmp_path)), 66)


def test_init_again_changes_nothing(fleet):
    again = natsweep(fleet, "init", "--schema-dir", str(TOP / "schema"), "--format", "json")
    assert again.returncode == 0
    assert json.loads(again.stdout) == {"database": "postgres", "schema_version": 1}


@pytest.mark.parametrize("arguments", [
    [], ["fly"], ["site"], ["site", "fly"], ["report", "--colour"], ["report", "extra"], ["site", "add"], ["report", "--format", "xml"],
    ["sweep"], ["sweep", "--all", "--site", "x"], ["site", "add", "x"], ["enroll"], ["cancel", "x"], ["status", "1x"],
    ["agent", "approve", "-1"], ["enroll", "--customer", "Acme", "--uses", "0"], ["user", "add", "x"],
    ["enroll", "--customer", "Acme", "--enroll-endpoint", "collector:7710"]])
def test_bad_usage_needs_no_database(arguments, tmp_path):
    result = natsweep({"PGHOST": str(tmp_path)}, *arguments)
    assert result.returncode == 64
    assert result.stderr.strip() and result.stdout == ""


@pytest.mark.parametrize("code, arguments, named", [
    (67, ["sweep", "--customer", "Nobody"], '"Nobody"'),
    (68, ["sweep", "--site", "Nowhere"], "Nowhere"),
    (68, ["sweep", "--all"], "no site|none has an approved agent"),
    (65, ["sweep", "--nat-class", "oval"], '"oval"'),
    (65, ["sweep", "--not-checked-since", "soon"], '"soon"'),
    (65, ["sweep", "--not-checked-since", "7"], '"7 days", not "7"'),
    (65, ["sweep", "--all", "--jitter", "30"], '"--jitter" must be a length of time with its unit'),
    (65, ["sweep", "--all", "--expires", "1 fortnight"], '"--expires" .* not "1 fortnight"'),
    (65, ["keep", "audit", "30"], '"TIME" must be a length of time with its unit'),
    (67, ["site", "add", "Paris", "--customer", "Nobody"], '"Nobody"'),
    (73, ["site", "add", "Berlin", "--customer", "Acme"], '"Berlin"'),
    (73, ["customer", "add", "Acme"], '"Acme"'),
    (65, ["customer", "add", " blank "], '" blank "'),
    (65, ["customer", "add", "safe\u202etxt"], "control characters"),
    (67, ["ports", "Nowhere"], "Nowhere"),
    (64, ["ports", "Twin"], "Acme, Beta|Beta, Acme"),
    (67, ["cancel", "999999"], "999999"),
    (67, ["status", "999999"], "999999"),
    (67, ["agent", "approve", "999999"], "999999"),
    (65, ["user", "add", "king", "--as", "king"], '"king"'),
    (67, ["user", "add", "x", "--as", "viewer", "--customer", "Nobody"], '"Nobody"'),
])
def test_what_cannot_be_is_named(fleet, code, arguments, named):
    everything = ("select (select count(*) from natsweep.site), (select count(*) from natsweep.customer),"
                  " (select count(*) from natsweep.request), (select count(*) from pg_roles)")
    before = sql(fleet, everything)
    assert re.search(named, sentence(natsweep(fleet, *arguments), code))
    assert sql(fleet, everything) == before


def test_rights_end_where_the_role_ends(fleet):
    assert "'vera'" in sentence(natsweep(as_role(fleet, "vera"), "customer", "add", "Mine"), 77)
    assert "'vera'" in sentence(natsweep(as_role(fleet, "vera"), "sweep", "--all"), 77)
    assert '"Beta"' in sentence(natsweep(as_role(fleet, "olga"), "sweep", "--customer", "Beta"), 67)
    assert [row["customer"] for row in rows(as_role(fleet, "vera"), "customer", "list")] == ["Acme"]
    assert {row["customer"] for row in rows(as_role(fleet, "adam"), "customer", "list")} >= {"Acme", "Beta"}


def test_a_readable_password_file_is_refused(fleet, tmp_path):
    file = tmp_path / "password"
    file.write_text("secret\n")
    file.chmod(0o644)
    text = sentence(natsweep(fleet, "user", "add", "paul", "--as", "admin", "--password-file", str(file)), 77)
    assert str(file) in text
    assert sql(fleet, "select count(*) from pg_roles where rolname = 'paul'") == [(0,)]


def test_a_full_disk_is_told(fleet):
    with open("/dev/full", "w", encoding="ascii") as full:
        result = subprocess.run([NATSWEEP, "customer", "list"], env={**os.environ, **fleet}, stdout=full, stderr=subprocess.PIPE,
                                text=True, timeout=WAIT_S, check=False)
    assert result.returncode == 74
    assert "standard output" in result.stderr


# What it shows.

def test_every_subcommand_has_help(tmp_path):
    listed = re.findall(r"^  ([a-z]+(?: [a-z-]+)?) +", natsweep({}, "--help").stdout, re.MULTILINE)
    assert len(listed) > 15
    for words in listed:
        shown = natsweep({"PGHOST": str(tmp_path)}, *words.split(), "--help")
        assert shown.returncode == 0
        assert shown.stdout.startswith(f"usage: natsweep {words}") and "--format" in shown.stdout


def test_groups_have_help(tmp_path):
    for word in ("--help", "-h", "help"):
        result = natsweep({"PGHOST": str(tmp_path)}, "schedule", word)
        assert (result.returncode, result.stderr) == (0, "")
        assert "schedule pause" in result.stdout and "webhook" not in result.stdout


def test_lists_agree_in_every_format(fleet):
    assert natsweep(fleet, "site", "add", "Quote \"x\", y", "--customer", "Acme", "--tag", "a b", "--tag", "c").returncode == 0
    sites = rows(fleet, "site", "list", "--customer", "Acme")
    (quoted,) = [row for row in sites if row["site"].startswith("Quote")]
    assert {"site": "Quote \"x\", y", "tags": ["a b", "c"]}.items() <= quoted.items()
    assert {row["site"] for row in sites} >= {"Berlin", "Twin"}
    for arguments in (["customer", "list"], ["vantage", "list"], ["report"]):
        assert rows(fleet, *arguments)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", sites[0]["created_at"])


def test_who_has_no_customer_is_shown_nothing(fleet):
    sql(fleet, "create role nora login password 'secret of nora' in role natsweep_viewer")
    nora = as_role(fleet, "nora")
    assert natsweep(nora, "status", "--format", "json").stdout == "[]\n"
    assert natsweep(nora, "agent", "list").stdout == "nothing to show\n"


def test_tags_go_on_and_off(fleet):
    def tag(*arguments):
        return json.loads(natsweep(fleet, "site", "tag", "Berlin", *arguments, "--format", "json").stdout)["tags"]
    sql(fleet, "update natsweep.site set tags = '{}' where name = 'Berlin'")
    assert tag("--add", "north", "--add", "isp=\"x\"") == ["isp=\"x\"", "north"]
    assert tag("--add", "north", "--remove", 'isp="x"') == ["north"]
    assert [row["site"] for row in rows(fleet, "sweep", "--dry-run", "--tag", "north")] == ["Berlin"]


def completed(env, *words):
    """What bash offers for the last of these words; `natsweep` is the one under test."""
    script = f"""source <({sys.executable} {TOP}/deploy/generate/completion.py natsweep {NATSWEEP})
natsweep() {{ {NATSWEEP} "$@"; }}
timeout() {{ "${{@:2}}"; }}
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_natsweep
printf '%s\\n' "${{COMPREPLY[@]}}" """
    done = subprocess.run(["bash", "--norc", "-c", script, "bash", "natsweep", *words], env={**os.environ, **env}, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True, timeout=WAIT_S, check=True)
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if line]


def test_completion_offers_the_names_that_are_there(fleet, tmp_path):
    trap = f"$(touch {tmp_path}/expanded) `touch {tmp_path}/expanded`"
    sql(fleet, "select natsweep.create_site('Acme', 'Completed twice', array['isp=acme', 'ward']), natsweep.create_site('Beta', %s)", trap)
    try:
        assert completed(fleet, "sweep", "--customer", "") == ["Acme", "Beta"]
        assert completed(fleet, "sweep", "--site", "Comp") == ["Completed twice"] == completed(fleet, "ports", "Completed\\ t")
        assert completed(fleet, "site", "tag", "Completed twice", "--remove", "w") == ["ward"]
        assert trap in completed(fleet, "ports", "") and not (tmp_path / "expanded").exists()
        assert completed(as_role(fleet, "olga"), "sweep", "--customer", "") == ["Acme"], "whoever asks sees what is theirs"
        assert "--family" in completed(fleet, "sweep", "--fam")
        assert completed({**fleet, "PGPORT": "1", "PGHOST": str(tmp_path)}, "ports", "") == [], "no database, nothing said"
    finally:
        sql(fleet, "select natsweep.remove_site('Acme', 'Completed twice'), natsweep.remove_site('Beta', %s)", trap)


def test_names_are_told_a_line_each(fleet):
    assert natsweep(fleet, "names", "customers").stdout == "Acme\nBeta\n"
    assert json.loads(natsweep(fleet, "names", "customers", "--format", "json").stdout) == [{"name": "Acme"}, {"name": "Beta"}]
    refused = natsweep(fleet, "names", "horses")
    assert (refused.returncode, refused.stdout) == (64, "") and "not of 'horses'" in refused.stderr


def test_dsn_and_environment_mean_the_same(fleet):
    dsn = f"host={fleet['PGHOST']} port={fleet['PGPORT']} user=vera dbname=postgres password='secret of vera'"
    assert natsweep({}, "report", "--dsn", dsn).stdout == natsweep(as_role(fleet, "vera"), "report").stdout


# Enrolment and sweeps, with this file as the collector.

class Collector:
    """As much of a collector as its SQL functions see."""

    def __init__(self, env, name):
        self.env = env
        self.id = sql(env, "select natsweep.collector_start(%s, 1, 'test')", name)[0][0]
        sql(env, "select natsweep.collector_publish(%s, %s, '{tcp://c.example:7709}', '{tcp://c.example:7710}')", self.id,
            SERVER_KEY)

    def enroll(self, token_hash, key, hostname):
        return sql(self.env, "select status, agent_id, site from natsweep.enroll_agent(%s, %s, %s, 'test')", token_hash, key, hostname)[0]

    def beat(self):
        """Renews its lease: on a busy machine a test may outlast it."""
        assert sql(self.env, "select natsweep.collector_beat(%s, 1)", self.id) == [(True,)]

    def hello(self, agent):
        self.beat()
        sql(self.env, "select * from natsweep.agent_hello(%s, %s, 1, 'test', 'host', 0, true, '{}', '{}')", self.id, agent)

    def claim(self, agent):
        """Waits for work and takes it."""
        for _ in range(WAIT_S * 20):
            self.beat()
            claimed = sql(self.env, "select sweep_id, generation, site_id from natsweep.claim_sweeps(%s, %s, 1)", self.id, [agent])
            if claimed:
                return claimed[0]
            threading.Event().wait(0.05)
        raise AssertionError("no work came")

    def run(self, agent, outcome):
        sweep, generation, site = self.claim(agent)
        sql(self.env, "select * from natsweep.sweep_events(%s, %s, %s, %s, '{started}', '{null}')", self.id, [agent], [sweep], [generation])
        sql(self.env, "select natsweep.sweep_progress(%s, %s, %s, %s, '{1}', '{0}')", self.id, [agent], [sweep], [generation])
        sql(self.env, "select natsweep.sweep_finished(%s, %s, %s::smallint[])", [site], [sweep], [outcome])


@pytest.fixture(scope="module")
def collector(fleet):
    return Collector(fleet, "one")


@pytest.fixture
def agent(collector):
    """An agent of the site Berlin, enrolled as people do: by the token that the command prints."""
    printed = natsweep(collector.env, "enroll", "--customer", "Acme", "--site", "Berlin", "--format", "json")
    assert printed.returncode == 0, printed.stderr
    status, number, site = collector.enroll(secret_hash(printed), os.urandom(32), "pbx")
    assert (status, site) == ("enrolled", "Berlin")
    collector.hello(number)
    yield number
    sql(collector.env, "select natsweep.revoke_agent(%s)", number)


def secret_hash(printed):
    return hashlib.sha256(payload(json.loads(printed.stdout)["token"])[:32]).digest()


def payload(token):
    assert token.startswith("natsweep1_")
    text = token[len("natsweep1_"):]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_token_says_where_and_whom_to_trust(collector):
    printed = natsweep(collector.env, "enroll", "--customer", "Acme", "--uses", "2", "--expires", "1 hour")
    line = (r"command -v natsweep-agent >/dev/null \|\| apt-get install -y natsweep-agent && "
            r"echo (natsweep1_[\w-]+) \| natsweep-agent enroll --token -\n")
    token = re.fullmatch(line, printed.stdout)[1]
    parts = payload(token)
    assert parts[32:64] == SERVER_KEY
    assert parts[64:-4] == bytes([len("tcp://c.example:7710")]) + b"tcp://c.example:7710"
    stored = sql(collector.env, "select uses_left, expires_at between now() + '59 min' and now() + '1 hour' from natsweep.enroll_token"
                 " where token_hash = %s", hashlib.sha256(parts[:32]).digest())
    assert stored == [(2, True)]


def test_an_endpoint_and_an_end_of_the_operators_own(collector):
    end = (datetime.date.today() + datetime.timedelta(days=30)).isoformat()
    printed = natsweep(collector.env, "enroll", "--customer", "Acme", "--enroll-endpoint", "tcp://public.example:1", "--expires", end,
                       "--format", "json")
    assert printed.returncode == 0, printed.stderr
    assert payload(json.loads(printed.stdout)["token"])[64:-4] == b"\x16tcp://public.example:1"
    assert sql(collector.env, "select expires_at::date from natsweep.enroll_token where token_hash = %s", secret_hash(printed)) == [
        (datetime.date.fromisoformat(end),)]


@pytest.mark.parametrize("code, arguments, named", [
    (67, ["--customer", "Nobody"], '"Nobody"'),
    (67, ["--customer", "Acme", "--site", "Nowhere"], '"Nowhere"'),
    (65, ["--customer", "Acme", "--expires", "soon"], '"soon"'),
    (65, ["--customer", "Acme", "--expires", "-1 day"], "366 days"),
    (65, ["--customer", "Acme", "--expires", "2000-01-01"], "366 days"),
    (78, ["--customer", "Acme", "--collector", "two"], "no collector of that name"),
    (64, ["--customer", "Acme", "--package", "x; reboot"], "path of a .deb"),
    (64, ["--customer", "Acme", "--package", "-o=x"], "path of a .deb"),
])
def test_tokens_that_cannot_be(collector, code, arguments, named):
    before = sql(collector.env, "select count(*) from natsweep.enroll_token")
    assert re.search(named, sentence(natsweep(collector.env, "enroll", *arguments), code))
    assert sql(collector.env, "select count(*) from natsweep.enroll_token") == before


@pytest.mark.parametrize("ports", ["5060/sctp", "0/udp", "70000/udp", "10-5/udp", "@4cx", "5060/udp,,x"])
@pytest.mark.usefixtures("agent")
def test_bad_port_lists_name_the_part(collector, ports):
    text = sentence(natsweep(collector.env, "sweep", "--site", "Berlin", "--ports", ports), 65)
    assert text.startswith("port list: ")
    assert sql(collector.env, "select count(*) from natsweep.request where ports = %s", ports) == [(0,)]


@pytest.mark.parametrize("outcome, code, word", [(SUPPORTED, 0, "supported"), (PARTIAL, 1, "partial"), (NOT_RUN, 2, "not_run")])
def test_wait_ends_with_the_outcome(collector, agent, outcome, code, word):
    worker = threading.Thread(target=collector.run, args=(agent, outcome))
    worker.start()
    result = natsweep(collector.env, "sweep", "--site", "Berlin", "--ports", "5060/udp", "--wait", "--format", "json")
    worker.join(WAIT_S)
    assert result.returncode == code, result.stderr
    summary = json.loads(result.stdout)
    assert (summary["sites"], summary[word]) == (1, 1)
    assert f"request {summary['request']}\n" in result.stderr
    request = str(summary["request"])
    assert json.loads(natsweep(collector.env, "status", request, "--format", "json").stdout)["done"] == 1
    site, = rows(collector.env, "status", request, "--sites")
    assert (site["site"], site["state"], site["outcome"], site["ports_done"]) == ("Berlin", "done", word, 1)


def test_ctrl_c_cancels(collector, agent):
    with subprocess.Popen([NATSWEEP, "sweep", "--site", "Berlin", "--ports", "5060/udp", "--wait"], env={**os.environ, **collector.env},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        collector.claim(agent)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=WAIT_S)
    assert running.returncode == 3, err
    assert "cancelling" in err and re.search(r"CANCELLED +1\n", out)
    assert sql(collector.env, "select cancelled_by::text from natsweep.request order by request_id desc limit 1") == [("postgres",)]


def test_an_offline_agent_is_waited_for_until_the_request_expires(collector, agent):
    sql(collector.env, "select natsweep.agents_gone(%s, %s)", collector.id, [agent])
    with subprocess.Popen([NATSWEEP, "sweep", "--site", "Berlin", "--expires", "1 second", "--wait", "--format", "json"],
                          env={**os.environ, **collector.env}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        while running.poll() is None:
            sql(collector.env, "select natsweep.tick()")
            threading.Event().wait(0.1)
        out, err = running.communicate(timeout=WAIT_S)
    assert running.returncode == 2, err
    assert json.loads(out)["expired"] == 1
    assert "1 waiting for their agent\n" in err, "and no estimate, as nobody knows when it comes back"


def test_waiting_outlives_a_restart_of_the_database(collector, agent):
    folder = str(pathlib.Path(collector.env["PGHOST"]).parent)
    with subprocess.Popen([NATSWEEP, "sweep", "--site", "Berlin", "--ports", "5060/udp", "--wait"], env={**os.environ, **collector.env},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert "request" in running.stderr.readline()
        subprocess.run([CLUSTER, "stop", folder], check=True, stdout=subprocess.DEVNULL)
        assert "lost the database" in running.stderr.readline() + running.stderr.readline()
        subprocess.run([CLUSTER, "start", folder, "--throwaway"], check=True, stdout=subprocess.DEVNULL)
        collector.run(agent, SUPPORTED)
        _, err = running.communicate(timeout=WAIT_S)
    assert running.returncode == 0, err


def test_agents_are_approved_and_revoked(collector):
    printed = natsweep(collector.env, "enroll", "--customer", "Acme", "--site", "Berlin", "--approve", "--format", "json")
    status, number, _ = collector.enroll(secret_hash(printed), os.urandom(32), "pbx")
    assert status == "pending"
    assert [row["agent"] for row in rows(collector.env, "agent", "list", "--state", "pending")] == [number]
    assert natsweep(collector.env, "agent", "approve", str(number)).returncode == 0
    assert sql(collector.env, "select state from natsweep.agent where agent_id = %s", number) == [("active",)]
    assert natsweep(collector.env, "agent", "revoke", str(number)).returncode == 0
    assert str(number) in sentence(natsweep(collector.env, "agent", "approve", str(number)), 67)


REPORT = """
    select status from natsweep.store_reports(
      array[jsonb_populate_record(null::natsweep.report_in, %s::jsonb)],
      array(select jsonb_populate_record(null::natsweep.part_in, p) from jsonb_array_elements(%s::jsonb) as p), '{}')"""


def test_the_report_and_the_ports_of_a_site(collector, agent):
    asked = natsweep(collector.env, "sweep", "--site", "Berlin", "--ports", "5060/udp,9000-9009/udp", "--format", "json")
    assert json.loads(asked.stdout)["sites"] == 1
    sweep, _, site = collector.claim(agent)
    at_us, = sql(collector.env, "select natsweep.to_us(at) from natsweep.sweep where sweep_id = %s", sweep)[0]
    report = {"item": 1, "site_id": site, "sweep_id": sweep, "at_us": at_us, "batch": 0, "batches": 1,
              "plan": '{"(1,5060,5060,2,1,0)","(1,9000,9009,4,1,0)"}', "port_count": 11, "pass_count": 8, "fail_count": 2,
              "unjudged_count": 1, "forwarded_count": 8, "unforwarded_count": 2, "outcome": PARTIAL, "family": 4,
              "message": "Some ports are closed.", "advice": [], "warnings": [], "public_address": "203.0.113.2",
              "started_at_us": at_us, "duration_us": 1, "nat_class": 4}
    part = {"item": 1, "transport": 1, "reached": True, "preserved": True, "live": True}
    parts = [part | {"part": 0, "verdict": 10, "inbound": True, "unsolicited": True, "judged": True,
                     "ports": "{[5060,5061),[9000,9004),[9006,9009)}"},
             part | {"part": 1, "verdict": 6, "inbound": False, "unsolicited": False, "judged": True, "ports": "{[9004,9006)}"},
             part | {"part": 2, "verdict": 12, "reason": 11, "judged": False, "ports": "{[9009,9010)}"}]
    assert sql(collector.env, REPORT, json.dumps(report), json.dumps(parts)) == [("stored",)]
    line, = rows(collector.env, "report", "--site", "Berlin", "--outcome", "partial", "--nat-class", "port_restricted_cone")
    assert (line["site"], line["forwarding"], line["pass"], line["fail"], line["public_address"], line["cause"]) == (
        "Berlin", "partial", 8, 2, "203.0.113.2", "Some ports are closed.")
    ports = rows(collector.env, "ports", "Berlin")
    assert [(row["ports"], row["count"], row["verdict"], row["as_expected"]) for row in ports] == [
        ("5060/udp", 1, "pass", True), ("9000-9003/udp", 4, "pass", True), ("9004-9005/udp", 2, "closed", False),
        ("9006-9008/udp", 3, "pass", True), ("9009/udp", 1, "not_tested", None)]
    assert ports[2]["cause"].startswith("Nothing from outside arrives")
    assert [row["ports"] for row in rows(collector.env, "ports", "Berlin", "--failing")] == ["9004-9005/udp", "9009/udp"]


# The fleet over time.

TRENDS = ("fleet", "classes", "sites", "ports", "changes", "difference", "outages", "repairs", "causes", "tags", "servers")


def test_trends_tell_what_happened(collector):
    """Two days of a site: it was well, then it failed."""
    site, = sql(collector.env, "select site_id from natsweep.site where name = 'Berlin'")[0]
    sql(collector.env, "update natsweep.site set tags = '{isp=acme}' where site_id = %s", site)
    sql(collector.env, "insert into natsweep.port_plan (digest, ranges) values ('trend', '{\"(1,9000,9009,4,1,0)\"}')")
    for age, outcome, verdict, good in (("2 days", SUPPORTED, 10, 10), ("1 day", PARTIAL, 6, 0)):
        sql(collector.env, "insert into natsweep.sweep_result (site_id, at, sweep_id, outcome, family, message, started_at, duration_us, nat_class,"
            " port_count, pass_count, fail_count, unjudged_count) values (%s, date_trunc('day', now()) - %s::interval, 1000000, %s, 4, 'm', now(), 1, 4, 10, %s, %s, 0)",
            site, age, outcome, good, 10 - good)
        sql(collector.env, "insert into natsweep.port_verdict (site_id, at, sweep_id, plan_id, batch, part, transport, verdict, live, ports)"
            " select %s, date_trunc('day', now()) - %s::interval, 1000000, plan_id, 0, 0, 1, %s, true, '{[9000,9010)}' from natsweep.port_plan where digest = 'trend'",
            site, age, verdict)
    sql(collector.env, "insert into natsweep.site_last select site_id, at, sweep_id, outcome, message, nat_class, forwarding, public_address,"
        " pass_count, fail_count, unjudged_count from natsweep.sweep_result where sweep_id = 1000000 order by at desc limit 1"
        " on conflict (site_id) do update set at = excluded.at, sweep_id = excluded.sweep_id, outcome = excluded.outcome")
    sql(collector.env, "select natsweep.judge_again()")
    while sql(collector.env, "select natsweep.judge()") != [(0,)]:
        pass
    sql(collector.env, "update natsweep.day_due set due_at = now()")
    sql(collector.env, "select natsweep.roll_up(1000)")

    for what in TRENDS:
        assert natsweep(collector.env, "trend", what).returncode == 0
    assert [row["pass_percent"] for row in rows(collector.env, "trend", "--days", "4")][:2] == [100.0, 0.0]
    port, = [row for row in rows(collector.env, "trend", "ports") if row["first_port"] == 9000]
    assert (port["last_port"], port["transport"], port["sites_failing"]) == (9009, "udp", 1)
    changes = {row["what"]: (row["before"], row["after"]) for row in rows(collector.env, "trend", "changes") if row["site"] == "Berlin"}
    assert changes["ports"] == ("none", "9000-9009/udp")
    assert "Berlin" in [row["site"] for row in rows(collector.env, "trend", "outages")]
    assert "isp=acme" in [row["tag"] for row in rows(collector.env, "trend", "tags")]
    assert {row["tag"].split("=")[0] for row in rows(collector.env, "trend", "tags", "--by", "isp")} == {"isp"}
    assert rows(collector.env, "trend", "tags", "--by", "is") == []
    assert "--by chooses among tags" in sentence(natsweep(collector.env, "trend", "fleet", "--by", "isp"), 64)
    assert rows(as_role(collector.env, "vera"), "trend", "sites", "--limit", "1")[0]["customer"] == "Acme"
    assert "fleet, classes" in sentence(natsweep(collector.env, "trend", "weather"), 64)


@pytest.mark.usefixtures("agent")
def test_a_request_is_paused_and_goes_on(collector):
    asked = natsweep(collector.env, "sweep", "--site", "Berlin", "--ports", "5060/udp", "--in-flight", "2", "--attempts", "3", "--priority", "7",
                     "--stop-percent", "50", "--per-address", "1", "--not-before", "1 hour", "--format", "json")
    request = str(json.loads(asked.stdout)["request"])
    assert sql(collector.env, "select priority, in_flight_max, per_address_max, stop_percent, attempts, not_before > now() + interval '59 min'"
               " from natsweep.request where request_id = %s", request) == [(7, 2, 1, 50, 3, True)]
    assert json.loads(natsweep(collector.env, "pause", request, "--format", "json").stdout)["queued"] == 1
    assert json.loads(natsweep(collector.env, "status", request, "--format", "json").stdout)["paused_by"] == "postgres"
    assert natsweep(collector.env, "resume", request).returncode == 0
    assert json.loads(natsweep(collector.env, "status", request, "--format", "json").stdout)["paused_by"] is None
    assert natsweep(collector.env, "cancel", request).returncode == 0
    assert "has ended" in sentence(natsweep(collector.env, "pause", request), 65)
    assert "no request" in sentence(natsweep(collector.env, "resume", "999999"), 67)
    assert "HH:MM" in sentence(natsweep(collector.env, "sweep", "--all", "--quiet-hours", "night"), 65)
    sentence(natsweep(collector.env, "pause", "one"), 64)


def test_schedules_come_and_go(collector):
    olga = as_role(collector.env, "olga")
    made = natsweep(olga, "schedule", "add", "nightly", "--cron", "30 2 * * *", "--time-zone", "Europe/Berlin", "--site", "Berlin",
                    "--jitter", "10 min", "--quiet-hours", "07:00-19:00", "--format", "json")
    assert made.returncode == 0, made.stderr
    number = str(json.loads(made.stdout)["schedule"])
    listed, = rows(olga, "schedule", "list")
    assert (listed["name"], listed["asked_by"], listed["paused"]) == ("nightly", "olga", False)
    assert listed["selector"] == {"site": ["Berlin"]} and listed["next_run"]
    assert sql(collector.env, "select options from natsweep.schedule") == [
        ({"jitter_s": 600, "time_zone": "Europe/Berlin", "quiet_hours": "07:00-19:00"},)]
    assert natsweep(olga, "schedule", "pause", "nightly").returncode == 0
    assert rows(olga, "schedule", "list")[0]["paused"] is True
    assert natsweep(olga, "schedule", "resume", number).returncode == 0
    assert "'vera'" in sentence(natsweep(as_role(collector.env, "vera"), "schedule", "drop", number), 77)
    assert json.loads(natsweep(olga, "schedule", "drop", number, "--format", "json").stdout)["name"] == "nightly"
    assert number in sentence(natsweep(olga, "schedule", "drop", number), 67)
    assert "'nightly'" in sentence(natsweep(olga, "schedule", "drop", "nightly"), 67)


@pytest.mark.parametrize("code, arguments, named", [
    (64, ["--all"], "--cron"),
    (64, ["--cron", "@daily"], "--all"),
    (65, ["--cron", "0 0 30 2 *", "--all"], "never comes"),
    (65, ["--cron", "60 0 * * *", "--all"], '"60"'),
    (65, ["--cron", "@daily", "--all", "--time-zone", "Mars/Base"], "Mars/Base"),
    (65, ["--cron", "0 9 * * *", "--all", "--quiet-hours", "08:00-18:00"], "own quiet hours"),
    (65, ["--cron", "@daily", "--all", "--jitter", "some"], "some"),
    (67, ["--cron", "@daily", "--customer", "Nobody"], '"Nobody"'),
])
def test_schedules_that_cannot_be(fleet, code, arguments, named):
    assert named in sentence(natsweep(fleet, "schedule", "add", "x", *arguments), code)
    assert sql(fleet, "select count(*) from natsweep.schedule") == [(0,)]


def test_watch_looks_again_until_it_is_enough(fleet):
    once = natsweep(as_role(fleet, "vera"), "watch", "--once")
    assert once.returncode == 0, once.stderr
    ((sites,),) = sql(fleet, "select count(*) from natsweep.site_status where customer = 'Acme'")
    assert re.match(rf"SITES +{sites}\n", once.stdout) and "\033" not in once.stdout
    with subprocess.Popen([NATSWEEP, "watch", "--every", "1", "--format", "csv"], env={**os.environ, **fleet}, stdout=subprocess.PIPE, text=True) as running:
        looks = 0
        while looks < 2:
            looks += running.stdout.readline().startswith("sites,")
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=WAIT_S)
    assert running.returncode == 0


def test_sites_move_and_go_and_the_audit_tells(fleet):
    adam = as_role(fleet, "adam")
    for name in ("Leaving", "Moving"):
        assert natsweep(adam, "site", "add", name, "--customer", "Acme").returncode == 0
    moved = natsweep(adam, "site", "move", "Moving", "--to", "Beta", "--format", "json")
    assert json.loads(moved.stdout) == {"site": "Moving", "customer": "Beta", "cancelled": 0}
    removed = natsweep(adam, "site", "remove", "Leaving", "--format", "json")
    assert json.loads(removed.stdout) == {"site": "Leaving", "customer": "Acme", "cancelled": 0}
    assert "there is no site" in sentence(natsweep(adam, "site", "remove", "Leaving"), 67)
    assert sentence(natsweep(adam, "site", "move", "Moving"), 64) == "say whose site it will be: --to NAME"
    assert sentence(natsweep(adam, "site", "move", "Moving", "--to", "Gamma"), 67) == 'there is no customer "Gamma"'
    sentence(natsweep(as_role(fleet, "vera"), "site", "remove", "Berlin"), 77)
    told = rows(adam, "audit", "--who", "adam", "--last", "4")
    assert [(row["what"], row["customers"]) for row in told] == [
        ("create_site", "Acme"), ("create_site", "Acme"), ("move_site", "Acme, Beta"), ("remove_site", "Acme")]
    assert rows(as_role(fleet, "vera"), "audit", "--customer", "Beta") == []
    assert sentence(natsweep(adam, "audit", "--days", "soon"), 64)


def test_tokens_are_listed_and_revoked(fleet):
    adam = as_role(fleet, "adam")
    token = sql(fleet, "select natsweep.create_token('Acme', 'Berlin', sha256('listed'), 3)")[0][0]
    listed = [row for row in rows(adam, "token", "list", "--customer", "Acme") if row["token"] == token]
    assert [(row["site"], row["state"], row["uses_left"]) for row in listed] == [("Berlin", "open", 3)]
    assert json.loads(natsweep(adam, "token", "revoke", str(token), "--format", "json").stdout) == {"token": token, "state": "revoked"}
    assert all(row["token"] != token for row in rows(adam, "token", "list"))
    assert any(row["token"] == token for row in rows(adam, "token", "list", "--all"))
    assert "is not the number of a token" in sentence(natsweep(adam, "token", "revoke", "none"), 64)
    assert sentence(natsweep(adam, "token", "revoke", "999999"), 67) == "there is no token 999999"
    sentence(natsweep(as_role(fleet, "vera"), "token", "list"), 77)


def test_storage_is_told_to_administrators(fleet):
    tables = {row["table"]: row for row in rows(as_role(fleet, "adam"), "storage")}
    assert tables["port_verdict"]["bytes"] > 0 and tables["port_evidence"]["kept"] == "60 days"
    adam = as_role(fleet, "adam")
    kept = natsweep(adam, "keep", "audit", "3 years", "--format", "json")
    assert json.loads(kept.stdout) == {"table": "audit", "kept": "3 years"}
    assert {row["table"]: row["kept"] for row in rows(adam, "storage")}["audit"] == "3 years"
    assert json.loads(natsweep(adam, "keep", "audit", "forever", "--format", "json").stdout)["kept"] is None
    assert 'rows are kept for 14 days to 100 years or for ever, not for "3 days"' in sentence(natsweep(adam, "keep", "audit", "3 days"), 65)
    assert "not kept for a time of its own" in sentence(natsweep(adam, "keep", "site", "3 years"), 67)
    sentence(natsweep(adam, "keep", "audit", "soon"), 65)
    sentence(natsweep(as_role(fleet, "vera"), "storage"), 77)


def test_history_is_judged_anew_by_administrators(fleet):
    adam = as_role(fleet, "adam")
    assert json.loads(natsweep(adam, "rejudge", "--since", "2026-01-31", "--format", "json").stdout)["sites"] >= 0
    said = sentence(natsweep(adam, "rejudge", "--since", "soon"), 65)
    assert '"soon"; a time is written as 2026-01-31' in said
    sentence(natsweep(as_role(fleet, "vera"), "rejudge"), 77)


def test_only_what_fails_is_looked_at_again(fleet):
    adam = as_role(fleet, "adam")
    text = sentence(natsweep(adam, "sweep", "--site", "Berlin", "--ports", "@failing", "--outcome", "stale"), 68)
    assert "nothing was asked" in text
    assert natsweep(adam, "sweep", "--outcome", "failed", "--outcome", "stale", "--dry-run").returncode == 0
    assert '"great" is none of the words of "outcome"' in sentence(natsweep(adam, "sweep", "--outcome", "great", "--dry-run"), 65)
