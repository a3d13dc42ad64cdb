"""How long the usual query of every view takes over a year of a fleet's daily sweeps, as an administrator and as one customer's viewer."""
import os
import statistics
import time

from db.conftest import TOP, Server

from .table import Table

SITES, DAYS = 10000, 365
GOAL_S = 0.1
RUNS = 5

QUERIES = {
    "site_status, all that fail": "select * from natsweep.site_status where outcome <> 'supported'",
    "site_status, by outcome": "select outcome, count(*) from natsweep.site_status group by outcome",
    "site_status, by a tag": "select t, avg(pass_count) from natsweep.site_status, unnest(tags) t where t like 'isp%' group by t",
    "agent_status, offline": "select * from natsweep.agent_status where not online limit 200",
    "port_current, one site": "select * from natsweep.port_current where site_id = {site}",
    "port_result, one sweep": "select * from natsweep.port_result where site_id = {site} and at = '{at}'",
    "request_progress, latest": "select * from natsweep.request_progress order by request_id desc limit 20",
    "site_change, latest": "select * from natsweep.site_change order by at desc limit 100",
    "site_change, one site": "select * from natsweep.site_change where site_id = {site}",
    "vantage_event": "select * from natsweep.vantage_event",
    "fleet_daily, the year": "select * from natsweep.fleet_daily order by day",
    "site_daily, a site's year": "select * from natsweep.site_daily where site_id = {site}",
    "site_daily, a day": "select * from natsweep.site_daily where day = current_date - 1 order by pass_rate limit 50",
    "failing_ports, a day": "select * from natsweep.failing_ports where day = current_date - 1 order by sites_failing desc limit 20",
    "site_outage, 30 days": "select * from natsweep.site_outage where started_at > now() - interval '30 days'",
    "repair_time, 3 months": "select * from natsweep.repair_time where month >= current_date - 90",
    "metric, all": "select * from natsweep.metric",
    "worst_site": "select * from natsweep.worst_site order by fail_count desc limit 20",
    "fleet_difference, a week": "select * from natsweep.fleet_difference(now() - interval '7 days')",
}


def seconds(cursor, query):
    """The median of some runs."""
    taken = []
    for _ in range(RUNS):
        start = time.monotonic()
        cursor.execute(query)
        cursor.fetchall()
        taken.append(time.monotonic() - start)
    return statistics.median(taken)


def night(connection):
    """What a night's reports cost the tick: judged again, then added up."""
    cursor = connection.cursor()
    cursor.execute("insert into natsweep.judge_due select site_id, at from natsweep.site_last")
    start = time.monotonic()
    judged = ticks = 0
    slowest = 0.0
    while True:
        before = time.monotonic()
        cursor.execute("select natsweep.judge()")
        slowest = max(slowest, time.monotonic() - before)
        part = cursor.fetchone()[0]
        if part == 0:
            break
        judged, ticks = judged + part, ticks + 1
    print(f"\n  judge(): {judged} sites in {ticks} ticks, {time.monotonic() - start:.1f} s; the slowest took {slowest:.2f} s")
    cursor.execute("update natsweep.day_due set due_at = now()")
    cursor.execute("insert into natsweep.day_due select customer_id, (now() at time zone 'utc')::date, now() from natsweep.customer on conflict do nothing")
    start = time.monotonic()
    cursor.execute("select natsweep.roll_up(1000000)")
    print(f"  roll_up(): {cursor.fetchone()[0]} days of customers, {time.monotonic() - start:.1f} s")


def prepared(server, days=DAYS):
    """A database with the year, or part of it, in it."""
    name = server.create()
    server.run("sqitch", "deploy", "--no-verify", f"db:pg:{name}")
    start = time.monotonic()
    server.run("psql", "--no-psqlrc", "--quiet", "--dbname", name, "--set", "ON_ERROR_STOP=1", "--set", f"sites={SITES}", "--set", f"days={days}",
               "--file", os.path.join(TOP, "tests", "bench", "year.sql"))
    print(f"\n  {days} days of {SITES} sites made in {time.monotonic() - start:.0f} s")
    return name


def main():
    """Every view's usual query, and the cost of judging a night."""
    server = Server()
    try:
        name = prepared(server)
        connection = server.connect(name)
        night(connection)
        cursor = connection.cursor()
        cursor.execute("vacuum analyze")
        cursor.execute("create role viewer_of_one login in role natsweep_viewer; create role admin_of_all login in role natsweep_admin;"
                       "select natsweep.grant_customer('viewer_of_one', 'customer 1')")
        cursor.execute("select site_id, at from natsweep.site_last order by fail_count desc, site_id limit 1")
        site, at = cursor.fetchone()
        for who, role in (("an administrator", "admin_of_all"), ("a customer's viewer", "viewer_of_one")):
            reader = server.connect(name, role).cursor()
            table = Table(f"Usual queries over {DAYS} days of {SITES} sites, as {who}", "s", "the goal")
            table.add("the goal", GOAL_S)
            for label, query in QUERIES.items():
                table.add(label, seconds(reader, query.format(site=site, at=at)))
            table.print()
        cursor.execute('select "table", row_count, bytes from natsweep.storage order by bytes desc limit 8')
        for relation, rows, size in cursor.fetchall():
            print(f"  {relation:20} {rows:12,} rows {size / 1e6:10,.1f} MB")
    finally:
        server.stop()
