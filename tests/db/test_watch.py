"""Metrics and health of the real collector over HTTP: while it works, without its database, and while another holds its port."""
import http.client
import re
import socket
import subprocess

from collector import free_port, messages, wait_for
from test_collector import bed  # noqa: F401 (a fixture)


def get(port, path, method="GET"):
    """Status and text of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def values(text):
    """Metrics by their name with labels."""
    return {name: float(value) for name, value in re.findall(r"^([a-z_]+(?:\{.*\})?) (\S+)$", text, re.MULTILINE)}


def metrics(port):
    """What /metrics says now."""
    status, text = get(port, "/metrics")
    assert status == 200
    return values(text)


def watched(bed, **more):  # noqa: F811
    """A collector that has its lease, and the port at which it is watched."""
    port = free_port()
    collector = bed.collector(watch=f"127.0.0.1:{port}", **more)
    wait_for(lambda: listens(port), "the metrics")
    return collector, port


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_metric(port, name, value):
    wait_for(lambda: metrics(port).get(name) == value, f"{name} to be {value}")


def test_what_the_fleet_does_is_counted(bed):  # noqa: F811
    collector, port = watched(bed)
    wait_for(lambda: get(port, "/readyz") == (200, "ready\n"), "it to be ready")
    assert get(port, "/healthz") == (200, "alive\n")
    agent = bed.agent()
    agent.hello(collector)
    wait_metric(port, "natsweep_agents_connected", 1)
    bed.execute("insert into natsweep.vantage_fault select site_id, now(), 1, %s from natsweep.site", 'a"} 1\nb\\')
    bed.request()
    start = agent.expect("start_sweep")
    agent.accept(start)
    agent.socket.send(b"nonsense")
    agent.send(ack=messages.Ack())
    wait_metric(port, 'natsweep_sweeps{state="running"}', 1)
    seen = metrics(port)
    assert seen["natsweep_sweeps_claimed_total"] == 1
    assert seen['natsweep_frames_received_total{kind="accepted"}'] == 1
    assert seen['natsweep_messages_rejected_total{reason="malformed"}'] == 1
    assert seen['natsweep_messages_rejected_total{reason="unexpected"}'] == 1
    assert seen['natsweep_sites{outcome="never"}'] == 1
    assert seen['natsweep_agents{state="online"}'] == 1
    assert seen['natsweep_database_up{thread="store"}'] == seen["natsweep_store_writers"] == 2
    assert seen["natsweep_store_queue_limit_bytes"] == 64 * 1024 * 1024
    assert seen["natsweep_judge_backlog_reports"] == 0
    assert r'natsweep_vantage_outage_sites{server="a\"} 1\nb\\"}' in seen


def test_promtool_has_no_complaint(bed):  # noqa: F811
    _, port = watched(bed)
    wait_for(lambda: "natsweep_sites_stale" in metrics(port), "the fleet's numbers")
    text = get(port, "/metrics")[1]
    assert len(values(text)) > 80
    checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


def test_only_what_is_there_is_served(bed):  # noqa: F811
    _, port = watched(bed)
    assert get(port, "/")[0] == 404
    assert get(port, "/metrics", "POST")[0] == 405
    assert get(port, "/healthz", "HEAD") == (200, "")


def test_without_the_database_it_lives_but_is_not_ready(bed):  # noqa: F811
    collector, port = watched(bed)
    wait_for(lambda: get(port, "/readyz")[0] == 200, "it to be ready")
    wait_for(lambda: "natsweep_sites_stale" in metrics(port), "the fleet's numbers")
    # Nobody may connect any more, and who has is sent away.
    bed.execute(f"revoke connect on database {bed.database} from public")
    bed.execute(f"alter role collector_{bed.database} nologin")
    bed.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = %s", f"collector_{bed.database}")
    wait_for(lambda: get(port, "/readyz")[0] == 503, "it to miss its database")
    assert get(port, "/readyz")[1] == "not ready: PostgreSQL cannot be reached; the log says why\n"
    assert get(port, "/healthz") == (200, "alive\n")
    wait_metric(port, 'natsweep_database_up{thread="store"}', 0)
    wait_for(lambda: "natsweep_sites_stale" not in metrics(port), "old numbers to be gone")
    bed.execute(f"grant connect on database {bed.database} to public")
    bed.execute(f"alter role collector_{bed.database} login")
    wait_for(lambda: get(port, "/readyz")[0] == 200, "it to be ready again")
    wait_for(lambda: "natsweep_sites_stale" in metrics(port), "the fleet's numbers")
    assert collector.end() == 0


def test_a_port_that_is_taken_stops_no_reports(bed):  # noqa: F811
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        collector = bed.collector(watch=f"127.0.0.1:{port}")
        collector.wait_said(f"cannot serve metrics on 127.0.0.1:{port}")
        bed.agent().hello(collector)
    wait_for(lambda: listens(port) and get(port, "/readyz")[0] == 200, "it to have the port once it is free")
    assert collector.said().count("cannot serve metrics") == 1
