"""The report for a customer: one page that needs nothing else, tells the story of a quarter, and makes no markup of a hostile name."""
import html.parser
import os
import pathlib
import re
import subprocess

import pytest
from conftest import TOP

NATSWEEP = os.environ.get("NATSWEEP", os.path.join(TOP, "build/dev/bin/natsweep"))
EX_USAGE, EX_DATAERR, EX_NOUSER, EX_IOERR = 64, 65, 67, 74
HOSTILE = '<script>alert("1")</script> & \'Söhne\''
VOID = {"meta", "line", "br"}


class Fleet:
    """A database with the quarter of schema/test/fixture/quarter.sql."""

    def __init__(self, server, database):
        self.server, self.database = server, database
        self.cursor = server.connect(database).cursor()
        for name in ("history", "quarter"):
            self.cursor.execute(pathlib.Path(TOP, f"schema/test/fixture/{name}.sql").read_text(encoding="utf-8"))

    def run(self, *arguments, role=None, stdout=subprocess.PIPE):
        environment = {**os.environ, **self.server.environment, "PGDATABASE": self.database}
        if role:
            environment |= {"PGUSER": role, "PGPASSWORD": "secret"}
        return subprocess.run([NATSWEEP, *arguments], env=environment, stdout=stdout, stderr=subprocess.PIPE, text=True, timeout=90, check=False)

    def page(self, customer="Nordwind Hotels", *more, role=None):
        done = self.run("report", "--customer", customer, "--format", "html", *more, role=role)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def user(self, kind, customer):
        role = f"{kind}_{self.database}"
        self.cursor.execute(f"create role {role} login password 'secret' in role natsweep_{kind}")
        self.cursor.execute("select natsweep.grant_customer(%s, %s)", (role, customer))
        return role


@pytest.fixture
def fleet(server, database):
    """A fleet of one's own."""
    return Fleet(server, database)


class Reader(html.parser.HTMLParser):
    """What a browser would make of a page: its tags must close in order; nothing may be fetched or run."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.texts = [], [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        assert not {"src", "href", "srcset", "action"} & {name for name, _ in attrs} and not [name for name, _ in attrs if name.startswith("on")]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    def text(self):
        return re.sub(r"\s+", " ", " ".join(self.texts))


def test_it_tells_the_story(fleet):
    reader = Reader(fleet.page("Nordwind Hotels", "--since", "-infinity"))
    text = reader.text()
    assert "8 of 12 sites are ready for calls. 3 sites need a change at the router" in text.replace(" . ", ". ")
    assert "1 has not been judged. 1 result is from more than a week ago." in text
    assert "Put the provider's router into bridge mode" in text
    assert "9000–9003 (rtp, udp)" in text, "which ports of Kiel"
    assert "FRITZ!Box: Internet > Permit Access" in text and "Cisco IOS" in text
    assert "Dresden Result ✗ Calls fail ✓ Ready for calls" in re.sub(r" +", " ", text), "what was mended since"
    assert reader.tags.count("svg") == 5, "a share, three strips of ports, the days"
    assert reader.tags.count("rect") > 90


def test_it_needs_nothing_else(fleet):
    page = fleet.page()
    assert not re.search(r"https?://|url\(|@import|<script|<link|<img", page)
    assert "default-src 'none'" in page and "@page{size:A4" in page


def test_hostile_names_are_text(fleet):
    fleet.cursor.execute("update natsweep.site set name = %s where name = 'Flensburg'", (HOSTILE,))
    fleet.cursor.execute("update natsweep.customer set name = %s where name = 'Nordwind Hotels'", (HOSTILE + "2",))
    fleet.cursor.execute("update natsweep.site_judgement set cause = %s, cure = %s where cure is not null", (HOSTILE, "</dd></dl><img src=x>"))
    fleet.cursor.execute("update natsweep.change set before = '</td><script>', after = '\"><svg onload=x>' where what = 'ports'")
    reader = Reader(fleet.page(HOSTILE + "2"))
    assert not {"script", "img"} & set(reader.tags) and reader.tags.count("svg") == 5
    assert reader.text().count(HOSTILE) >= 5 and "</td><script>" in reader.text()


def test_it_remembers_the_last_report(fleet):
    operator = fleet.user("operator", "Nordwind Hotels")
    assert "What changed since the last report" not in fleet.page(role=operator), "there is none"
    again = fleet.page(role=operator)
    assert "What changed since the last report on" in again and "<p>Nothing.</p>" in again
    viewer = fleet.user("viewer", "Nordwind Hotels")
    fleet.page(role=viewer)
    fleet.cursor.execute("select count(*) from natsweep.audit where what = 'report'")
    assert fleet.cursor.fetchone() == (2,), "a viewer's is not counted"


def test_a_report_that_nobody_got_is_not_remembered(fleet):
    operator = fleet.user("operator", "Nordwind Hotels")
    with open("/dev/full", "w", encoding="ascii") as full:
        lost = fleet.run("report", "--customer", "Nordwind Hotels", "--format", "html", role=operator, stdout=full)
    assert lost.returncode == EX_IOERR and "cannot write the report" in lost.stderr
    assert "What changed since the last report" not in fleet.page(role=operator), "there is none yet"


def test_a_customer_sees_no_other(fleet):
    viewer = fleet.user("viewer", "Beta Clinics")
    assert "3 of 3 sites are ready" in Reader(fleet.page("Beta Clinics", role=viewer)).text()
    refused = fleet.run("report", "--customer", "Nordwind Hotels", "--format", "html", role=viewer)
    assert (refused.returncode, refused.stdout) == (EX_NOUSER, "") and "no customer 'Nordwind Hotels'" in refused.stderr


@pytest.mark.parametrize("arguments, code, word", [
    (["--format", "html"], EX_USAGE, "--customer NAME"),
    (["--format", "html", "--customer", "a", "--customer", "b"], EX_USAGE, "one customer"),
    (["--format", "html", "--customer", "Beta Clinics", "--site", "Ulm"], EX_USAGE, "one customer"),
    (["--format", "html", "--customer", "Beta Clinics", "--since", "yesteryear"], EX_DATAERR, "yesteryear"),
    (["--since", "2026-01-01"], EX_USAGE, "--format html"),
    (["--format", "xml"], EX_USAGE, "csv or html")])
def test_what_cannot_be_made_is_said(fleet, arguments, code, word):
    refused = fleet.run("report", *arguments)
    assert (refused.returncode, word in refused.stderr, refused.stdout) == (code, True, ""), refused.stderr


def test_a_quarter_in_the_terminal(fleet):
    days = fleet.run("trend", "fleet", "--days", "95").stdout.splitlines()
    assert len(days) == 90, "each night but the one of the outage, and a line of names"
    first, last = days[1].split(), days[-1].split()
    assert int(last[2]) > int(first[2]), "more sites are supported than a quarter ago"
    outages = fleet.run("trend", "outages", "--days", "95").stdout
    assert "Flensburg" in outages and "Hamburg" in outages and "Aachen" not in outages
    servers = fleet.run("trend", "servers", "--days", "95").stdout
    assert "stun.example" in servers and "14" in servers
