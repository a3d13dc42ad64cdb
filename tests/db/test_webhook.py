"""Webhooks of the real collector against a real https receiver: signatures, failures, forbidden addresses, several collectors."""
import collections
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import signal
import ssl
import subprocess
import threading
import time

import pytest
from collector import TOP, wait_for
from test_collector import bed  # noqa: F401 (a fixture)

SECRET = b"a secret of sixteen bytes or more"
NATSWEEP = os.environ.get("NATSWEEP", str(TOP / "build/dev/bin/natsweep"))
EX_USAGE, EX_DATAERR, EX_NOUSER, EX_UNAVAILABLE, EX_NOPERM = 64, 65, 67, 69, 77


class Receiver(http.server.ThreadingHTTPServer):
    """An https server on loopback that keeps what it gets and answers as a test tells it."""

    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Handler)
        self.certificate = pathlib.Path(folder, "receiver.pem")
        key = pathlib.Path(folder, "receiver.key")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-subj", "/CN=receiver", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-keyout", key, "-out",
                        self.certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.got, self.answers, self.gate = [], {}, threading.Event()
        self.connections = 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def get_request(self):
        self.connections += 1
        return super().get_request()

    def url(self, path, host="127.0.0.1"):
        return f"https://{host}:{self.server_address[1]}{path}"

    def events(self, path):
        """What came to a path."""
        return [got for got in self.got if got.path == path]

    def close(self):
        self.gate.set()
        self.shutdown()
        self.server_close()


Got = collections.namedtuple("Got", "path headers body")


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with the next status that was ordered for the path, 200 when none is left, and would take more events on the connection."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append(Got(self.path, self.headers, body))
        orders = self.server.answers.get(self.path, [])
        status = orders.pop(0) if orders else 200
        if status == "hang":
            self.server.gate.wait(60)
            status = 200
        answer = b"x" * 1000000 if status == 299 else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        if 300 <= status < 400:
            self.send_header("Location", self.server.url("/elsewhere"))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        """Keeps quiet."""


@pytest.fixture
def receiver(tmp_path):
    """A receiver of one's own."""
    made = Receiver(tmp_path)
    yield made
    made.close()


class Hooks:
    """Webhooks of the bed's customer and collectors that trust the receiver."""

    def __init__(self, bed, receiver):  # noqa: F811
        self.bed, self.receiver = bed, receiver

    def collector(self, name="one", trusted=True):
        ca_file = self.receiver.certificate if trusted else "/etc/ssl/certs/ca-certificates.crt"
        return self.bed.collector(name, sections=f"[webhook]\nca_file = {ca_file}\n")

    def add(self, path="/hook", name="hook", host="127.0.0.1", private="true"):
        self.bed.value("select natsweep.add_webhook('Acme', %s, %s, %s, '0', %s)", name, self.receiver.url(path, host), SECRET, private)

    def test(self, name="hook"):
        return self.bed.value("select natsweep.test_webhook('Acme', %s)", name)

    def hurry(self):
        """As if every back-off were over."""
        self.bed.execute("update natsweep.webhook set next_at = now() - interval '1 s'")

    def status(self, name="hook"):
        columns = "waiting, delivered, dropped, failures, last_status, last_error"
        row = self.bed.execute(f"select {columns} from natsweep.webhook_status where webhook = %s", name).fetchone()
        return dict(zip(columns.split(", "), row))

    def wait_delivered(self, count, name="hook"):
        def delivered():
            self.hurry()
            return self.status(name)["delivered"] == count
        wait_for(delivered, f"{count} events to arrive")

    def wait_failed(self, name="hook"):
        wait_for(lambda: self.status(name)["failures"] > 0, "a failure")
        return self.status(name)


@pytest.fixture
def hooks(bed, receiver):  # noqa: F811
    """Webhooks on a bed of one's own."""
    return Hooks(bed, receiver)


def sweep_twice(bed):  # noqa: F811
    """A site that was supported and is no more, as reports would leave it."""
    bed.value("select natsweep.create_site('Acme', '<b>\"Zürich\"')")
    history = (TOP / "schema/test/fixture/history.sql").read_text(encoding="utf-8")
    bed.execute(history)
    site = bed.value("select max(site_id) from natsweep.site")
    bed.execute("update natsweep.webhook set created_at = now() - interval '1 day'")
    bed.execute("select pg_temp.swept(%s, now() - interval '2 hours', 'supported')", site)
    bed.execute("select pg_temp.swept(%s, now() - interval '1 hour', 'partial', '{[9000,9003)}')", site)


def test_a_change_arrives_signed(hooks):
    hooks.add()
    sweep_twice(hooks.bed)
    hooks.collector()
    hooks.wait_delivered(1)
    (got,) = hooks.receiver.got
    event = json.loads(got.body)
    assert (event["event"], event["customer"], event["site"], event["outcome"]) == ("site_change", "Acme", '<b>"Zürich"', "partial")
    assert {"what": "ports", "before": "none", "after": "9000-9002/udp"} in event["changes"]
    assert "not forwarded" in event["cause"] and event["cure"].startswith("Forward")
    assert got.headers["Natsweep-Delivery"] == event["id"]
    assert (got.headers["Content-Type"], got.headers["Natsweep-Event"], got.headers["Natsweep-Attempt"]) == ("application/json", "site_change", "1")
    parts = dict(part.split("=") for part in got.headers["Natsweep-Signature"].split(","))
    assert abs(int(parts["t"]) - time.time()) < 60
    assert parts["v1"] == hmac.new(SECRET, parts["t"].encode() + b"." + got.body, hashlib.sha256).hexdigest()


def test_what_fails_comes_again_as_the_same(hooks):
    hooks.receiver.answers["/hook"] = [500, 429, 404]
    hooks.add()
    hooks.collector()
    delivery = hooks.test()
    failed = hooks.wait_failed()
    assert (failed["waiting"], failed["last_status"], failed["last_error"]) == (1, 500, "the receiver answered with HTTP 500")
    assert hooks.bed.value("select next_at > now() + interval '4 s' from natsweep.webhook"), "and the next attempt is not at once"
    hooks.wait_delivered(1)
    got = hooks.receiver.events("/hook")
    assert {seen.headers["Natsweep-Delivery"] for seen in got} == {str(delivery)}
    assert [seen.headers["Natsweep-Attempt"] for seen in got] == ["1", "2", "3", "4"]
    assert len({seen.body for seen in got}) == 1
    assert hooks.status()["failures"] == 0


def test_an_endless_answer_is_an_answer(hooks):
    hooks.receiver.answers["/hook"] = [299]
    hooks.add()
    hooks.collector()
    hooks.test()
    hooks.wait_delivered(1)


def test_redirects_are_not_followed(hooks):
    hooks.receiver.answers["/hook"] = [302, 307, 200]
    hooks.add()
    hooks.collector()
    hooks.test()
    assert hooks.wait_failed()["last_error"] == "redirects (HTTP 302) are not followed: name the final address"
    hooks.wait_delivered(1)
    assert [got.path for got in hooks.receiver.got] == ["/hook"] * 3


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_private_addresses_are_forbidden(hooks, host):
    hooks.add(host=host, private="false")
    hooks.collector()
    hooks.test()
    failed = hooks.wait_failed()
    assert failed["last_error"].endswith("is no address of the public internet; an administrator can allow it")
    assert failed["last_error"].startswith(("127.0.0.1", "::1"))
    assert hooks.receiver.connections == 0


def test_a_connection_of_an_allowed_webhook_serves_no_other(hooks):
    hooks.add(name="allowed")
    hooks.add("/forbidden", name="forbidden", private="false")
    hooks.collector()
    hooks.test("allowed")
    hooks.wait_delivered(1, "allowed")
    hooks.test("forbidden")
    assert "is no address of the public internet" in hooks.wait_failed("forbidden")["last_error"]
    assert [got.path for got in hooks.receiver.got] == ["/hook"]


def test_a_receiver_has_to_prove_who_it_is(hooks):
    hooks.add()
    hooks.collector(trusted=False)
    hooks.test()
    assert "certificate" in hooks.wait_failed()["last_error"]
    assert hooks.receiver.got == []


def test_nothing_listens(hooks):
    hooks.add()
    hooks.receiver.close()
    hooks.collector()
    hooks.test()
    failed = hooks.wait_failed()
    assert failed["last_status"] is None and "onnect" in failed["last_error"]


def test_a_slow_receiver_holds_up_nobody(hooks):
    hooks.receiver.answers["/slow"] = ["hang"] * 8
    hooks.add("/slow", "slow")
    hooks.add()
    collector = hooks.collector()
    for _ in range(8):
        hooks.test("slow")
    wait_for(lambda: len(hooks.receiver.events("/slow")) == 4, "as many attempts as one webhook may have")
    begun = time.monotonic()
    hooks.test()
    hooks.wait_delivered(1)
    agent = hooks.bed.agent()
    agent.hello(collector)
    hooks.bed.request()
    agent.accept(agent.expect("start_sweep"))
    wait_for(lambda: hooks.bed.value("select state from natsweep.sweep") == "running", "the sweep")
    assert len(hooks.receiver.events("/slow")) == 4 and time.monotonic() - begun < 12, "while the slow one still hangs"
    assert collector.end() == 0, "nor does it hold up the end"


def test_each_event_comes_once_from_several_collectors(hooks):
    hooks.add()
    for name in ("one", "two", "three"):
        hooks.collector(name)
    deliveries = {str(hooks.test()) for _ in range(60)}
    hooks.wait_delivered(60)
    came = collections.Counter(got.headers["Natsweep-Delivery"] for got in hooks.receiver.got)
    assert set(came) == deliveries and set(came.values()) == {1}


def test_what_a_dead_collector_was_sending_comes_again(hooks):
    hooks.receiver.answers["/hook"] = ["hang"]
    hooks.add()
    first = hooks.collector("one")
    delivery = str(hooks.test())
    wait_for(lambda: hooks.receiver.got, "the attempt")
    first.end(signal.SIGKILL)
    hooks.collector("two")
    assert hooks.status()["waiting"] == 1
    hooks.bed.execute("update natsweep.webhook_delivery set lease_until = now() - interval '1 s'")
    hooks.wait_delivered(1)
    assert [got.headers["Natsweep-Delivery"] for got in hooks.receiver.got] == [delivery] * 2


def natsweep(bed, *arguments, role=None, stdin=""):  # noqa: F811
    """Runs the operator's command in the bed's database, as the superuser or as a role that has a password."""
    environment = {**os.environ, **bed.server.environment, "PGDATABASE": bed.database}
    if role:
        environment |= {"PGUSER": role, "PGPASSWORD": "secret"}
    return subprocess.run([NATSWEEP, *arguments], env=environment, input=stdin, capture_output=True, text=True, timeout=90, check=False)


def test_the_operators_command(hooks):
    run = lambda *arguments, **more: natsweep(hooks.bed, "webhook", *arguments, **more)
    url = hooks.receiver.url("/T0/very-secret")
    made = run("add", "chat", "--customer", "Acme", "--url", url, "--allow-private", "--hold", "0", "--format", "json")
    assert made.returncode == 0, made.stderr
    secret = json.loads(made.stdout)["secret"]
    assert len(secret) == 64
    hooks.collector()
    tested = run("test", "chat", "--customer", "Acme", "--format", "json")
    assert (tested.returncode, json.loads(tested.stdout)["state"]) == (0, "delivered"), tested.stderr
    (got,) = hooks.receiver.got
    parts = dict(part.split("=") for part in got.headers["Natsweep-Signature"].split(","))
    assert parts["v1"] == hmac.new(secret.encode(), parts["t"].encode() + b"." + got.body, hashlib.sha256).hexdigest()
    listed = run("list", "--format", "json")
    (row,) = json.loads(listed.stdout)
    assert (row["webhook"], row["customer"], row["delivered"], row["waiting"]) == ("chat", "Acme", 1, 0)
    assert "very-secret" not in listed.stdout and secret not in listed.stdout
    hooks.receiver.answers["/T0/very-secret"] = [500]
    failed = run("test", "chat", "--customer", "Acme")
    assert failed.returncode == EX_UNAVAILABLE and "HTTP 500" in failed.stdout
    brought = run("add", "other", "--customer", "Acme", "--url", "https://example.net/", "--secret-file", "-", stdin="sixteen bytes or more\n")
    assert brought.returncode == 0 and "sixteen" not in brought.stdout
    removed = run("remove", "chat", "--customer", "Acme", "--format", "json")
    assert json.loads(removed.stdout)["waited"] == 1
    for arguments, code, word in (
            (("add", "x", "--customer", "Acme", "--url", "http://example.net/"), EX_DATAERR, "https://"),
            (("add", "x", "--customer", "Acme", "--url", "https://e.net", "--hold", "x"), EX_USAGE, "'x'"),
            (("add", "x", "--customer", "Acme"), EX_USAGE, "--url"),
            (("add", "x", "--customer", "Gamma", "--url", "https://e.net"), EX_NOUSER, "Gamma"),
            (("test", "chat", "--customer", "Acme"), EX_NOUSER, 'no webhook "chat"'),
            (("remove", "chat"), EX_USAGE, "--customer")):
        refused = run(*arguments)
        assert (refused.returncode, word in refused.stderr, refused.stdout) == (code, True, ""), refused.stderr
    hooks.bed.execute(f"create role o{hooks.bed.database} login password 'secret' in role natsweep_operator")
    hooks.bed.value("select natsweep.grant_customer(%s, 'Acme')", f"o{hooks.bed.database}")
    assert run("add", "x", "--customer", "Acme", "--url", "https://e.net", role=f"o{hooks.bed.database}").returncode == EX_NOPERM
    assert "example.net" in run("list", role=f"o{hooks.bed.database}").stdout
