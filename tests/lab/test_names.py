"""What `natsweep-agent check` does with a server's name: every address is tried, and each way of having none is told apart."""
import os
import sys

import pytest

from .check import EXIT, check
from .vantage import FIRST, FOLDER, PORT, Server

DEAD = "203.0.113.99"
NAMES = {"first.lab": FIRST, "second-try.lab": f"{DEAD},{FIRST}", "six.lab": "2001:db8::1", "broken.lab": "SERVFAIL"}
# The router's user reads this: what is wrong, and what to do.
FAILURES = {
    "six.lab": "no IPv4 address",
    "broken.lab": "name server",
    "missing.lab": "does not exist",
}


@pytest.fixture
def ask(lab, tmp_path):
    """Runs a check whose server is given by name, as a name server of the lab knows it."""
    vantage = lab.vantage()
    command = [sys.executable, os.path.join(FOLDER, "name_server.py"), FIRST, *("=".join(pair) for pair in NAMES.items())]
    Server(lab, command, {(FIRST, 53)}, os.path.join(lab.folder, "name_server.log"))
    settings = tmp_path / "resolv.conf"
    settings.write_text(f"nameserver {FIRST}\noptions timeout:1 attempts:2\n", encoding="utf-8")
    with_names = ["unshare", "-m", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"', str(settings)]
    site = lab.site("static_forward")
    assert vantage.stun == f"{FIRST}:{PORT}"
    return lambda name, *flags: check(site, f"{name}:{PORT}", flags=flags, prefix=with_names)


def test_every_address_of_a_name_is_tried(ask):
    for name in ("first.lab", "second-try.lab"):
        said = ask(name)
        assert (said.outcome, said.stun_server["name"], said.stun_server["address"]) == ("supported", f"{name}:{PORT}", f"{FIRST}:{PORT}"), said.whole


def test_a_name_without_a_usable_address_is_no_ports_failure(ask):
    for name, words in FAILURES.items():
        said = ask(name)
        assert (said.outcome, said.exit_code) == ("not_run", EXIT["not_run"]), said.whole
        assert name in said.message and words in said.message, said.message
        assert said.facts("verdict") == {("not_tested",)}


def test_the_next_server_is_taken_when_a_name_fails(ask):
    said = ask("broken.lab", "--stun", f"first.lab:{PORT}")
    assert (said.outcome, said.stun_server["name"]) == ("supported", f"first.lab:{PORT}"), said.whole


def test_a_name_with_an_ipv4_address_only_has_none_for_ipv6(ask):
    said = ask("first.lab", "--family", "6")
    assert (said.outcome, said.exit_code) == ("not_run", 2)
    assert "first.lab" in said.message and "IPv6" in said.message, said.message
