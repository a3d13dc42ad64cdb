"""Installed from packages, run by systemd: a site joins, is swept, is upgraded, and leaves."""
import json
import os
import re

from lab.process import RunError, run, wait_for
from lab.vantage import FIRST, SECOND, udp_sockets

from .conftest import NEXT_VERSION, SITE, set_in_file
from .debian import Machine, bare, in_root

STATE = "/var/lib/natsweep-agent"
PORTS = "5060/udp,9000-9019/udp,5060/tcp"
HOLDER = "use IO::Socket::INET; my $s = IO::Socket::INET->new(Proto => 'udp', LocalPort => 5060) or die; sleep 600"


def version(machine, package):
    """The installed version, None when it is not installed."""
    done = machine.attempt("dpkg-query", "-W", "-f", "${db:Status-Status} ${Version}", package)
    return done.stdout.split()[1] if done.stdout.startswith("installed ") else None


def agent_status(fleet):
    """What the agent says of itself, as soon as it listens: systemd calls it active a moment before."""
    def answer():
        done = fleet.pbx.attempt("natsweep-agent", "status", "--format", "json")
        return json.loads(done.stdout) if done.returncode == 0 else None
    return wait_for(answer, "the agent to say how it is")


def owner(machine, path):
    """USER:GROUP MODE of a file."""
    return machine.run("stat", "-c", "%U:%G %a", path).strip()


def holds_5060(machine):
    """Whether a program of the machine is bound to UDP port 5060."""
    return 5060 in {port for _, port in udp_sockets(machine.pid)}


# --- a bare Debian, on which nothing runs

def test_an_agent_comes_to_and_goes_from_a_bare_debian(packages, tmp_path):
    tree = bare()
    machine = Machine(str(tmp_path / "bare"), tree)
    machine.install(packages["natsweep-agent"])
    assert in_root(machine.folder, tree, "natsweep-agent", "version").startswith("natsweep-agent ")
    assert "natsweep-agent:natsweep 700" in in_root(machine.folder, tree, "stat", "-c", "%U:%G %a", STATE)
    in_root(machine.folder, tree, "touch", f"{STATE}/agent.key")
    in_root(machine.folder, tree, "dpkg", "--remove", "natsweep-agent")
    in_root(machine.folder, tree, "test", "-e", f"{STATE}/agent.key")
    in_root(machine.folder, tree, "dpkg", "--purge", "natsweep-agent")
    assert in_root(machine.folder, tree, "find", "/etc", "/lib/systemd", "/usr", "/var/lib", "-xdev", "-iname", "*natsweep*") == ""


# --- the vantage

def test_the_vantage_serves_both_addresses_and_echoes_at_one(fleet):
    for unit in ("natsweep-turn", "natsweep-sip-echo"):
        fleet.vantage.wait_active(unit)
    wanted = {(address, port) for address in (FIRST, SECOND) for port in (3478, 3479)} | {(FIRST, 5060), (FIRST, 15060)}
    wait_for(lambda: wanted <= udp_sockets(fleet.vantage.pid), "both servers to bind")
    bound = udp_sockets(fleet.vantage.pid)
    assert not {(SECOND, 5060), (SECOND, 15060), ("0.0.0.0", 5060)} & bound
    for debian in ("coturn", "kamailio"):
        assert not fleet.vantage.is_active(debian)


def test_the_vantages_settings_close_what_could_be_abused(fleet):
    text = fleet.vantage.run("cat", "/run/natsweep-turn/turnserver.conf").splitlines()
    secret = fleet.vantage.run("cat", "/var/lib/natsweep-vantage/secret").strip()
    assert re.fullmatch("[0-9a-f]{64}", secret)
    for line in ("secure-stun", "no-udp-relay", f"static-auth-secret={secret}", f"listening-ip={FIRST}", f"listening-ip={SECOND}",
                 f"denied-peer-ip={FIRST}", f"denied-peer-ip={SECOND}", "denied-peer-ip=203.0.113.1", "denied-peer-ip=127.0.0.1",
                 "denied-peer-ip=10.0.0.0-10.255.255.255", "no-multicast-peers"):
        assert line in text
    assert {line.split("=")[0] for line in text} >= {"user-quota", "total-quota"}
    assert not [line for line in text if "$" in line]
    assert owner(fleet.vantage, "/var/lib/natsweep-vantage/secret") == "root:root 600"
    assert owner(fleet.vantage, "/run/natsweep-turn/turnserver.conf").endswith(" 600")


def test_a_vantage_without_two_addresses_of_its_own_says_so(fleet):
    settings = fleet.vantage.path("/tmp/vantage.conf")
    for second, complaint in (("198.51.100.7", "on no interface of this machine"), (FIRST, "a vantage needs two"), ("", "names one address only"),
                              ("127.0.0.1", "is a private address")):
        with open(settings, "w", encoding="ascii") as file:
            file.write(f"first_address = {FIRST}\nsecond_address = {second}\n")
        done = fleet.vantage.attempt("env", "NATSWEEP_VANTAGE_SETTINGS=/tmp/vantage.conf", "natsweep-vantage", "check")
        assert (done.returncode, complaint in done.stderr) == (78, True), done.stderr
    assert fleet.vantage.run("natsweep-vantage", "check") == f"natsweep-vantage: in order, with {FIRST} and {SECOND}\n"


# --- the dashboard

def test_the_dashboard_serves_its_page_to_loopback(fleet):
    fleet.server.machine.wait_active("natsweep-dashboard")
    get = ("perl", "-MIO::Socket::INET", "-e", "my $s = IO::Socket::INET->new('127.0.0.1:8480') or die $@;"
           " print $s \"GET / HTTP/1.0\\r\\nHost: localhost:8480\\r\\n\\r\\n\"; print while <$s>")
    wait_for(lambda: fleet.server.machine.attempt(*get).stdout.startswith("HTTP/1.1 200"), "the dashboard's page")
    answer = fleet.server.machine.run(*get)
    assert "content-security-policy:" in answer.lower()
    assert re.search(r'^ETag: "[0-9a-f]{8}"\r?$', answer, re.MULTILINE)


# --- installed, not enrolled

def test_an_agent_waits_for_its_enrolment(fleet):
    assert fleet.pbx.run("systemctl", "is-enabled", "natsweep-agent", "natsweep-pbx.socket").split() == ["enabled", "enabled"]
    assert not fleet.pbx.is_active("natsweep-agent")
    assert "was not met" in fleet.pbx.attempt("systemctl", "status", "--no-pager", "natsweep-agent").stdout
    assert owner(fleet.pbx, STATE) == "natsweep-agent:natsweep 700"
    assert owner(fleet.pbx, "/run/natsweep-pbx.sock") == "root:natsweep 660"
    assert owner(fleet.pbx, "/etc/natsweep/agent.conf") == "root:root 644"


def test_a_collectors_settings_are_kept_from_others(fleet):
    assert owner(fleet.server.machine, "/etc/natsweep/collector.conf") == "root:natsweep-collector 640"
    assert owner(fleet.server.machine, "/var/lib/natsweep-collector/collector.key") == "natsweep-collector:natsweep-collector 600"


# --- the line

def test_one_line_installs_joins_and_starts(enrolled):
    assert "the service natsweep-agent is started" in enrolled.said
    enrolled.pbx.wait_active("natsweep-agent")
    for name in ("agent.key", "enrolment.conf", "agent.db"):
        assert owner(enrolled.pbx, f"{STATE}/{name}").startswith("natsweep-agent:natsweep ")
    assert agent_status(enrolled)["site"] == SITE
    try:
        enrolled.pbx.run("natsweep-agent", "run")
        raise AssertionError("root ran a second daemon in the service's folder")
    except RunError as error:
        assert "systemctl start natsweep-agent" in str(error)


def test_a_sweep_from_packages_only(enrolled):
    enrolled.pbx.run("systemd-run", "--unit", "pbx", "-p", "User=nobody", "perl", "-e", HOLDER)
    wait_for(lambda: holds_5060(enrolled.pbx), "the PBX to hold its port")
    assert enrolled.server.sweep("--ports", PORTS) == 0
    site = enrolled.server.site()
    assert (site["outcome"], site["nat_class"], site["forwarding"]) == ("supported", "port_restricted_cone", "complete")
    ports = enrolled.server.sql(f"select * from natsweep.port_current where site = '{SITE}'")
    assert {(port["transport"], port["verdict"]) for port in ports} == {("udp", "pass"), ("tcp", "pass")}
    assert len(ports) == 22
    (held,) = [port for port in ports if (port["port"], port["transport"]) == (5060, "udp")]
    # The program of another user, which takes the agent's two extra capabilities.
    assert held["live"] and "perl" in str(held["owner"]), held
    enrolled.pbx.run("systemctl", "stop", "pbx")


def test_the_keeper_stops_and_starts_a_real_unit(enrolled):
    unit = f"[Service]\nUser=nobody\nExecStart=/usr/bin/perl -e \"{HOLDER}\"\nRestart=no\n"
    with open(enrolled.pbx.path("/etc/systemd/system/fakepbx.service"), "w", encoding="ascii") as file:
        file.write(unit)
    set_in_file(enrolled.pbx.path("/etc/natsweep/agent.conf"), "allow_exclusive", "yes")
    set_in_file(enrolled.pbx.path("/etc/natsweep/agent.conf"), "unit", "fakepbx.service")
    enrolled.pbx.run("systemctl", "daemon-reload")
    enrolled.pbx.run("systemctl", "start", "fakepbx")
    wait_for(lambda: holds_5060(enrolled.pbx), "fakepbx to hold its port")
    enrolled.pbx.run("systemctl", "restart", "natsweep-agent")
    enrolled.server.wait_online()
    before = enrolled.pbx.run("systemctl", "show", "-P", "MainPID", "fakepbx")
    assert enrolled.server.sweep("--ports", "5060/udp", "--mode", "exclusive") == 0
    wait_for(lambda: holds_5060(enrolled.pbx), "fakepbx to hold its port again")
    enrolled.pbx.wait_active("fakepbx")
    assert enrolled.pbx.run("systemctl", "show", "-P", "MainPID", "fakepbx") != before
    assert enrolled.pbx.attempt("systemctl", "list-timers", "--all", "--no-pager").stdout.count("natsweep") == 0


# --- backup and restore

SAVE = """set -e
mkdir -m 0700 /root/backup
cp -a /etc/natsweep /var/lib/natsweep-collector /root/backup/
cd /tmp
runuser -u postgres -- pg_dumpall --globals-only >/root/backup/roles.sql
runuser -u postgres -- pg_dump --format=custom natsweep >/root/backup/natsweep.dump
"""
LOSE = """set -e
dpkg --purge natsweep-collector
cd /tmp
runuser -u postgres -- dropdb natsweep
runuser -u postgres -- psql -qAtc "select format('drop role %I;', rolname) from pg_roles where rolname ~ '^natsweep'" >/tmp/drop.sql
runuser -u postgres -- psql -q -v ON_ERROR_STOP=1 -f /tmp/drop.sql
"""
RESTORE = """set -e
dpkg -i /root/natsweep-collector_*.deb
systemctl stop natsweep-collector
cd /tmp
runuser -u postgres -- psql -q -f - postgres </root/backup/roles.sql
runuser -u postgres -- createdb natsweep
runuser -u postgres -- pg_restore --exit-on-error --dbname=natsweep </root/backup/natsweep.dump
cp -a /root/backup/natsweep /etc/
cp -a /root/backup/natsweep-collector /var/lib/
systemctl start natsweep-collector
"""


def test_a_server_comes_back_from_its_backup(enrolled):
    server = enrolled.server
    counted = "select count(*) as n from natsweep.port_result"
    before = server.sql(counted)
    server.machine.run("sh", "-c", SAVE)
    server.machine.run("sh", "-c", LOSE)
    server.machine.run("sh", "-c", RESTORE)
    server.machine.wait_active("natsweep-collector")
    assert server.sql(counted) == before
    server.wait_online()
    assert server.sweep("--ports", "9000-9009/udp") == 0
    assert server.sql(counted)[0]["n"] == before[0]["n"] + 10


# --- upgrade, remove, purge

def test_an_upgrade_keeps_settings_key_and_spool(enrolled):
    key = enrolled.pbx.run("sha256sum", f"{STATE}/agent.key")
    settings = enrolled.pbx.run("cat", "/etc/natsweep/agent.conf")
    # A report that nobody takes: the collector is away when the sweep ends.
    request = json.loads(enrolled.server.natsweep("sweep", "--site", SITE, "--ports", "9000-9399/udp", "--pace", "200", "--format", "json"))
    wait_for(lambda: agent_status(enrolled)["running_sweep"], "the sweep to run", 30)
    enrolled.server.machine.run("systemctl", "stop", "natsweep-collector")
    wait_for(lambda: agent_status(enrolled)["spool_batches"], "a report in the spool", 60)

    enrolled.pbx.run("dpkg", "-i", "/root/next.deb")
    assert version(enrolled.pbx, "natsweep-agent") == NEXT_VERSION
    enrolled.pbx.wait_active("natsweep-agent")
    assert enrolled.pbx.run("sha256sum", f"{STATE}/agent.key") == key
    assert enrolled.pbx.run("cat", "/etc/natsweep/agent.conf") == settings
    assert agent_status(enrolled)["spool_batches"]

    enrolled.server.machine.run("systemctl", "start", "natsweep-collector")
    count = f"select count(*) as n from natsweep.port_result join natsweep.sweep using (sweep_id) where request_id = {request['request']}"
    wait_for(lambda: enrolled.server.sql(count)[0]["n"] == 400, "the report of before the upgrade", 60, 0.5)
    wait_for(lambda: not agent_status(enrolled)["spool_batches"], "the spool to be empty", 30)
    assert enrolled.server.sql(count)[0]["n"] == 400


def test_a_collectors_upgrade_keeps_its_key(enrolled):
    machine = enrolled.server.machine
    key = machine.run("sha256sum", "/var/lib/natsweep-collector/collector.key")
    run("cp", enrolled.packages.next["natsweep-collector"], machine.path("/root/next.deb"))
    machine.run("dpkg", "-i", "/root/next.deb")
    machine.wait_active("natsweep-collector")
    assert machine.run("sha256sum", "/var/lib/natsweep-collector/collector.key") == key
    assert "advertise = tcp://" in machine.run("cat", "/etc/natsweep/collector.conf")
    enrolled.server.wait_online()


def test_a_removed_agent_comes_back_as_the_same(enrolled):
    key = enrolled.pbx.run("sha256sum", f"{STATE}/agent.key")
    enrolled.pbx.run("dpkg", "--remove", "natsweep-agent")
    assert version(enrolled.pbx, "natsweep-agent") is None
    assert not enrolled.pbx.is_active("natsweep-agent") and not enrolled.pbx.is_active("natsweep-pbx.socket")
    assert enrolled.pbx.run("sha256sum", f"{STATE}/agent.key") == key
    enrolled.pbx.run("dpkg", "-i", "/root/next.deb")
    enrolled.pbx.wait_active("natsweep-agent")
    enrolled.server.wait_online()


def leftovers(machine):
    """Files outside of /root and of the packaging system's own records that name natsweep."""
    shared = ("natsweep", "man", "doc", "bash-completion")
    folders = ["/etc", "/lib/systemd", "/usr/bin", "/usr/sbin", "/var/lib", "/run", *(f"/usr/share/{name}" for name in shared)]
    there = [folder for folder in folders if not machine.attempt("test", "-d", folder).returncode]
    found = machine.run("find", *there, "-xdev", "-iname", "*natsweep*")
    return found.split()


def test_a_purge_leaves_nothing(enrolled):
    enrolled.pbx.run("dpkg", "--purge", "natsweep-agent")
    assert leftovers(enrolled.pbx) == []
    for name in ("natsweep-turn", "natsweep-sip-echo"):
        assert enrolled.vantage.is_active(name)
    enrolled.vantage.run("dpkg", "--purge", "natsweep-vantage")
    assert leftovers(enrolled.vantage) == []
    enrolled.server.machine.run("dpkg", "--purge", "natsweep-collector", "natsweep-dashboard")
    assert leftovers(enrolled.server.machine) == []
    assert not os.path.exists(enrolled.server.machine.path("/etc/natsweep"))
