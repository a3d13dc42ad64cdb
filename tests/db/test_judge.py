"""Judgement by several sessions, and who hears of it."""
from test_concurrency import make_fleet, run_together  # pylint: disable=unused-import

HISTORY = """
    insert into natsweep.sweep_result (site_id, at, sweep_id, outcome, family, message, public_address, started_at, duration_us,
      port_count, pass_count, fail_count, unjudged_count)
    select s.site_id, now() - n * interval '1 s', n, 1, 4, '', inet '10.0.0.0' + n, now(), 0, 1, 1, 0, 0
    from natsweep.site s, generate_series(1, 2) n"""
REPORTED = "insert into natsweep.judge_due select site_id, now() - interval '1 min' from natsweep.site"


def test_each_site_is_judged_once(make_fleet):
    fleet = make_fleet(40)
    fleet.execute(HISTORY)
    fleet.execute(REPORTED)
    judged = run_together(*(lambda: fleet.value("select natsweep.judge()", on=fleet.connect()) for _ in range(4)))
    assert sum(judged) == 40
    assert fleet.rows("select what, before, after, count(*) from natsweep.change group by 1, 2, 3") == [
        ("public_address", "10.0.0.2", "10.0.0.1", 40)]


def test_changes_notify_and_tell_nothing_but_the_site(make_fleet):
    fleet = make_fleet(2)
    fleet.execute(HISTORY)
    listener = fleet.connect()
    fleet.execute("listen natsweep_change", on=listener)
    for _ in range(2):
        fleet.execute(REPORTED)
        assert fleet.value("select natsweep.judge()") == 2
    fleet.execute("select 1", on=listener)
    sites = {str(site) for site, in fleet.rows("select site_id from natsweep.site")}
    assert sorted(notice.payload for notice in listener.notifies) == sorted(sites), "once each, and not again for the same change"
