"""The alerts for Prometheus: promtool reads them, each speaks and keeps silent when it should, and each number is one that is told."""
import pathlib
import re
import subprocess

from conftest import TOP

PROMETHEUS = pathlib.Path(TOP, "deploy/prometheus")
RULES = PROMETHEUS / "natsweep.rules.yml"
RULES_TEST = pathlib.Path(TOP, "tests/db/natsweep.rules.test.yml")


def promtool(*arguments):
    done = subprocess.run(["promtool", *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def read(*path):
    return pathlib.Path(TOP, *path).read_text(encoding="utf-8")


def test_promtool_reads_them():
    promtool("check", "rules", "--lint-fatal", RULES)
    promtool("check", "config", "--lint-fatal", PROMETHEUS / "prometheus.yml")


def test_they_speak_and_keep_silent():
    promtool("test", "rules", RULES_TEST)


def test_each_was_heard_and_not_heard():
    alerts = re.findall(r"alert: (\w+)", RULES.read_text())
    tests = RULES_TEST.read_text()
    assert len(alerts) > 10
    for alert in alerts:
        assert re.search(rf"alertname: {alert}, eval_time: \S+, exp_alerts: \[\]", tests), alert
        assert re.search(rf"alertname: {alert}\n +eval_time: \S+\n +exp_alerts:\n +- exp_labels", tests), alert


def test_each_number_is_told():
    told = set(re.findall(r'"((?:natsweep|process)_[a-z_]+)"', read("collector/metrics/tally_words.h") + read("collector/watch/process_metrics.c")))
    told |= set(re.findall(r"select '(natsweep_[a-z_]+)'", read("schema/deploy/watch/metric.sql"))) | {"natsweep_store_commit_seconds_bucket"}
    expressions = " ".join(re.findall(r"expr: (.*)", RULES.read_text()))
    asked = set(re.findall(r"\b(?:natsweep|process)_[a-z_]+", re.sub(r'"[^"]*"', "", expressions)))
    assert asked and asked <= told, asked - told
