-- Requests that ask themselves.
begin;
\ir fixture/fleet.sql
-- When a cron expression comes: expression, time zone, after, next.
create function pg_temp.comes(cron text, zone text, after timestamptz, next timestamptz, why text) returns text language sql as $$
  select is(natsweep.cron_next(cron, zone, after), next, format('%s: %s', cron, why))
$$;
select pg_temp.comes('30 2 * * *', 'UTC', '2026-03-05 02:29Z', '2026-03-05 02:30Z', 'today');
select pg_temp.comes('30 2 * * *', 'UTC', '2026-03-05 02:30Z', '2026-03-06 02:30Z', 'after, not at');
select pg_temp.comes('*/20 8-9 * * *', 'UTC', '2026-03-05 08:59Z', '2026-03-05 09:00Z', 'steps');
select pg_temp.comes('*/20 8-9 * * *', 'UTC', '2026-03-05 09:40Z', '2026-03-06 08:00Z', 'ranges');
select pg_temp.comes('0 0 * * mon-fri', 'UTC', '2026-03-06 12:00Z', '2026-03-09 00:00Z', 'weekdays by name');
select pg_temp.comes('0 0 * * 7', 'UTC', '2026-03-06 12:00Z', '2026-03-08 00:00Z', 'Sunday is 7');
select pg_temp.comes('0 0 * * 0', 'UTC', '2026-03-06 12:00Z', '2026-03-08 00:00Z', 'and 0');
select pg_temp.comes('0 0 13 * 5', 'UTC', '2026-03-07 00:00Z', '2026-03-13 00:00Z', 'day or weekday');
select pg_temp.comes('0 0 1 * 5', 'UTC', '2026-03-07 00:00Z', '2026-03-13 00:00Z', 'whichever is first');
select pg_temp.comes('0 4 1,15 jan,jul *', 'UTC', '2026-01-15 04:00Z', '2026-07-01 04:00Z', 'lists');
select pg_temp.comes('0 0 29 2 *', 'UTC', '2096-03-01 00:00Z', '2104-02-29 00:00Z', 'eight years at most');
select pg_temp.comes('@daily', 'America/New_York', '2026-01-05 04:59Z', '2026-01-05 05:00Z', 'by name, on the clocks there');
select pg_temp.comes('30 2 * * *', 'Europe/Berlin', '2026-03-28 12:00Z', '2026-03-29 01:30Z', 'a time that is skipped comes an hour later by the clock');
select pg_temp.comes('30 2 * * *', 'Europe/Berlin', '2026-10-24 12:00Z', '2026-10-25 01:30Z', 'a time there is twice');
select pg_temp.comes('30 2 * * *', 'Europe/Berlin', '2026-10-25 01:30Z', '2026-10-26 01:30Z', 'comes once');
select throws_ok(format('select natsweep.cron_next(%L, ''UTC'', now())', cron), '22023', 'cron expression: ' || sentence, coalesce(cron, 'null'))
from (values ('0 0 30 2 *', '"0 0 30 2 *" never comes'), ('61 * * * *', '"61" is nothing from 0 to 59'), ('* * * *', '"* * * *" has not the five fields minute, hour, day, month, weekday'),
  ('a * * * *', '"a" is nothing from 0 to 59'), ('5-1 * * * *', '"5-1" is nothing from 0 to 59'), ('*/0 * * * *', '"*/0" is nothing from 0 to 59'),
  ('1,,2 * * * *', '"" is nothing from 0 to 59'), ('* * 0 * *', '"0" is nothing from 1 to 31'), ('99999 * * * *', '"99999" is nothing from 0 to 59'),
  ('@reboot', '"@reboot" has not the five fields minute, hour, day, month, weekday')) as t (cron, sentence);

-- A schedule of olga's, and its turns.
select pg_temp.as_role('olga', $$select natsweep.add_schedule('nightly', '0 2 * * *', '{"all": true}', '5060/udp', '{"expires_s": 600, "jitter_s": 60}', 'Europe/Berlin')$$) as nightly \gset
select is((select next_run from natsweep.schedule where schedule_id = :nightly), natsweep.cron_next('0 2 * * *', 'Europe/Berlin', now()), 'the next turn is known');
select is((select customers from natsweep.schedule where schedule_id = :nightly), array[:acme]::bigint[], 'all are all of one''s own');
select is_empty('select from natsweep.request', 'nothing is asked yet');
select is(natsweep.tick(), 0, 'not before its time');
create function pg_temp.due(id bigint, ago interval default '0') returns integer language plpgsql as $$
begin
  update natsweep.schedule set next_run = now() - ago where schedule_id = id;
  return natsweep.tick();
end
$$;
select is(pg_temp.due(:nightly), 1, 'its turn comes');
select results_eq('select asked_by::text collate "default", ports, schedule_id, total, no_agent from natsweep.request_progress', format($$values ('olga'::text, '5060/udp', %s::bigint, 2::bigint, 1)$$, :nightly), 'it asks in the name of who made it, for their sites alone');
select is((select last_request from natsweep.schedule), (select request_id from natsweep.request), 'and knows what it asked');
select is(natsweep.tick(), 0, 'once');
select is(pg_temp.due(:nightly), 1, 'its next turn');
select results_eq('select last_error, (select count(*) from natsweep.request) from natsweep.schedule', $$select format('request %s has not ended', (select request_id from natsweep.request)), 1::bigint$$,
  'waits for nothing, it is left out while the last request runs');
select natsweep.cancel_request(last_request) from natsweep.schedule \g /dev/null
select pg_temp.due(:nightly) \g /dev/null
select results_eq('select last_error, (select count(*) from natsweep.request) from natsweep.schedule', 'values (null::text, 2::bigint)', 'when that has ended it goes on');
select natsweep.cancel_request(last_request) from natsweep.schedule \g /dev/null

-- Clocks that jump.
select pg_temp.due(:nightly, '90 min') \g /dev/null
select is((select last_error from natsweep.schedule), format('nobody was there to ask at %s', now() - interval '90 min'), 'a turn long past is not made up for');
select ok(next_run > now(), 'the next one comes') from natsweep.schedule;
update natsweep.schedule set last_run = now() + interval '3 years', planned_at = now() + interval '3 years', next_run = now() + interval '3 years';
select is(natsweep.tick(), 0, 'a clock that was years ahead');
select is((select next_run from natsweep.schedule), natsweep.cron_next('0 2 * * *', 'Europe/Berlin', now()), 'does not stop a schedule');
update natsweep.schedule set last_run = natsweep.cron_next('0 2 * * *', 'Europe/Berlin', now()), planned_at = now() + interval '20 hours', next_run = now() + interval '30 hours'
  where natsweep.cron_next('0 2 * * *', 'Europe/Berlin', now()) < now() + interval '1 day';
select natsweep.tick() \g /dev/null
select ok(last_run is null or last_run > now() + interval '1 day' or next_run > last_run, 'one that was hours ahead brings no turn again') from natsweep.schedule;

-- Rights are those of the moment.
update natsweep.schedule set last_run = null;
select natsweep.revoke_customer('olga', 'Acme') \g /dev/null
select pg_temp.due(:nightly) \g /dev/null
select is((select last_error from natsweep.schedule), 'no site matches {"all": true}; nothing was asked', 'who no longer sees a customer asks nothing of it');
select natsweep.grant_customer('olga', 'Acme') \g /dev/null
revoke natsweep_operator from olga;
select pg_temp.due(:nightly) \g /dev/null
select is((select last_error from natsweep.schedule), 'olga may no longer ask for sweeps', 'nor who is no operator');
grant natsweep_operator to olga;
update natsweep.schedule set asked_by = 'left the firm';
select pg_temp.due(:nightly) \g /dev/null
select is((select last_error from natsweep.schedule), 'role "left the firm" does not exist', 'nor who is gone');
update natsweep.schedule set asked_by = 'olga';
select pg_temp.due(:nightly) \g /dev/null
select is((select count(*) from natsweep.request), 3::bigint, 'until they are back');

-- Two schedules of one site follow each other at its agent.
select pg_temp.as_role('olga', $$select natsweep.add_schedule('hourly', '@hourly', '{"site": "berlin"}', '5060/udp')$$) as hourly \gset
select pg_temp.due(:hourly) \g /dev/null
select is((select count(*) from natsweep.claim_sweeps(:one, array[:berlin_agent]::bigint[], 10)), 1::bigint, 'overlapping schedules never sweep a site twice at a time');

-- Held, let go, ended.
select pg_temp.as_role('olga', format('select natsweep.pause_schedule(%s)', :hourly)) \g /dev/null
select is(pg_temp.due(:hourly), 0, 'a paused schedule has no turn');
select pg_temp.as_role('olga', format('select natsweep.pause_schedule(%s, false)', :hourly)) \g /dev/null
select ok(next_run > now() and paused_by is null, 'and goes on with the next one') from natsweep.schedule where schedule_id = :hourly;
select is(pg_temp.as_role('boris', format('select natsweep.pause_schedule(%s)', :hourly)), format('P0002 there is no schedule %s', :hourly), 'another''s schedule does not exist');
select is(pg_temp.as_role('boris', format('select natsweep.drop_schedule(%s)', :hourly)), format('P0002 there is no schedule %s', :hourly), 'and cannot be ended');
select is(pg_temp.as_role('olga', format('select natsweep.drop_schedule(%s)', :hourly)), '', 'one''s own can');
select results_eq('select what, count(*) from natsweep.audit where what like ''%schedule'' group by what order by what',
  $$values ('add_schedule', 2::bigint), ('drop_schedule', 1), ('pause_schedule', 1), ('resume_schedule', 1)$$, 'all of it is written down');

-- What cannot be.
create function pg_temp.refused(arguments text, sentence text) returns text language sql as $$
  select is(pg_temp.as_role('olga', format('select natsweep.add_schedule(%s)', arguments)), sentence, sentence)
$$;
select pg_temp.refused($$'nightly', '@daily', '{"all": true}'$$, '23505 you have a schedule "nightly" already');
select pg_temp.refused($$'x', 'daily', '{"all": true}'$$, '22023 cron expression: "daily" has not the five fields minute, hour, day, month, weekday');
select pg_temp.refused($$'x', '@daily', '{"sites": "x"}'$$, '22023 selector: unknown key "sites"');
select pg_temp.refused($$'x', '@daily', '{"customer": "Beta"}'$$, 'P0002 selector: there is no customer "Beta"');
select pg_temp.refused($$'x', '@daily', '{"all": true}', '0/udp'$$, pg_temp.as_role('olga', $$select natsweep.request_sweep('{"all": true}', '0/udp')$$));
select pg_temp.refused($$'x', '@daily', '{"all": true}', '1/udp', '{"speed": 1}'$$, '22023 options: unknown option "speed"');
select pg_temp.refused($$'x', '@daily', '{"all": true}', '1/udp', '{"pace": 9999999}'$$, '22023 options: "pace" must be a whole number from 0 to 5000, not "9999999"');
select pg_temp.refused($$'x', '@daily', '{"all": true}', '1/udp', '{"not_before": "1 hour"}'$$, '22023 options: "not_before" is nothing for a schedule; its cron expression says when');
select pg_temp.refused($$'x', '@daily', '{"all": true}', '1/udp', '{}', 'Mars/Base'$$, '22023 there is no time zone "Mars/Base"');
select pg_temp.refused($$'x', '0 9 * * *', '{"all": true}', '1/udp', '{"quiet_hours": "08:00-18:00"}'$$, '22023 the schedule would run at 09:00, in its own quiet hours 08:00-18:00');
select pg_temp.refused($$' ', '@daily', '{"all": true}'$$, '22023 " " is no name for a schedule; use 1 to 256 bytes on one line, no blanks at the ends, no control characters');
select * from finish();
rollback;
