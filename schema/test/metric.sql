-- What the fleet is, in numbers.
begin;
\ir fixture/fleet.sql
\ir fixture/history.sql
create function pg_temp.metric(wanted text, value_of text default null) returns double precision language sql stable as $$
  select m.value from natsweep.metric m where m.name = wanted and m.label_value is not distinct from value_of
$$;

select is_empty($$select from natsweep.metric where name !~ '^natsweep_[a-z_]+$' or kind not in ('counter', 'gauge') or help is null or help ~ '\.$'$$,
  'each has a name, a kind and a help');
select is_empty($$select name from natsweep.metric group by name having count(distinct (kind, help, label)) > 1$$, 'rows of one metric agree');
select is_empty($$select name, label_value from natsweep.metric group by name, label_value having count(*) > 1$$, 'and are told apart');
select is_empty($$select name from natsweep.metric where value is null$$, 'each has a value');

select is(pg_temp.metric('natsweep_sites', 'never'), 4::double precision, 'sites that were never swept');
select is(pg_temp.metric('natsweep_sites_stale'), 4::double precision, 'are stale');
select pg_temp.swept(:berlin, now() - interval '2 days', 'supported'), pg_temp.swept(:berlin, now() - interval '1 hour', 'partial', '{[9000,9001)}'),
  pg_temp.swept(:munich, now() - interval '8 days', 'supported') \g /dev/null
select is(pg_temp.metric('natsweep_judge_backlog_reports'), 3::double precision, 'what is not judged is a backlog');
select natsweep.judge() \g /dev/null
select is(pg_temp.metric('natsweep_judge_backlog_reports'), 0::double precision, 'until it is');
select is(pg_temp.metric('natsweep_sites', 'partial'), 1::double precision, 'sites by outcome');
select is(pg_temp.metric('natsweep_sites', 'never'), 2::double precision, 'with the rest never swept');
select is(pg_temp.metric('natsweep_sites_stale'), 3::double precision, 'an old judgement is stale');
select is(pg_temp.metric('natsweep_sites_regressed'), 1::double precision, 'one site got worse');

select is(pg_temp.metric('natsweep_agents', 'online'), 3::double precision, 'agents that are connected');
update natsweep.agent_seen set last_seen = now() - interval '2 days', connected = false, spool_depth = 4, spool_lost = 7 where agent_id = :bonn_agent;
select is(pg_temp.metric('natsweep_agents', 'offline'), 1::double precision, 'one has left');
select is(pg_temp.metric('natsweep_agents_stale'), 1::double precision, 'long ago');
select is(pg_temp.metric('natsweep_spool_waiting_batches'), 4::double precision, 'with reports on its disk');
select is(pg_temp.metric('natsweep_spool_lost_batches'), 7::double precision, 'and some lost');

select natsweep.request_sweep('{"customer": "Acme"}', '5060/udp') as request \gset
select is(pg_temp.metric('natsweep_sweeps', 'queued'), 2::double precision, 'sweeps that wait');
update natsweep.sweep set state_at = now() - interval '90 s' where sweep_id = (select min(sweep_id) from natsweep.sweep);
select is(pg_temp.metric('natsweep_sweeps_queued_seconds'), 90::double precision, 'the longest of them');
select natsweep.cancel_request(:request) \g /dev/null
select is(pg_temp.metric('natsweep_sweeps', 'cancelled'), 2::double precision, 'what ended counts for a day');
select is(pg_temp.metric('natsweep_sweeps_queued_seconds'), 0::double precision, 'and nothing waits');

select is(pg_temp.metric('natsweep_vantage_outage_sites', '203.0.113.10:3478'), 0::double precision, 'a vantage that is well');
insert into natsweep.vantage_fault select s, now() - interval '5 min', 1, '203.0.113.10:3478' from unnest(array[:berlin, :munich, :bonn]) s;
insert into natsweep.vantage_fault values (:berlin, now() - interval '31 min', 2, 'gone.example');
select is(pg_temp.metric('natsweep_vantage_outage_sites', '203.0.113.10:3478'), 3::double precision, 'and one that three sites miss');
select is(pg_temp.metric('natsweep_vantage_outage_sites', 'gone.example'), null, 'an outage of long ago is over');

-- Everybody's numbers are those of their own sites.
select is(pg_temp.as_role('vera', $$select value from natsweep.metric where name = 'natsweep_sites_stale'$$), '2', 'a viewer counts what is the viewer''s');
select is(pg_temp.as_role('vera', $$select count(*) from natsweep.metric where name = 'natsweep_judge_backlog_reports'$$), '0', 'and not what is the fleet''s');
select is(pg_temp.as_role('carla', $$select value from natsweep.metric where name = 'natsweep_judge_backlog_reports'$$), '0', 'a collector counts all');
select is(pg_temp.as_role('stranger', 'select count(*) from natsweep.metric'), '42501 permission denied for schema natsweep', 'a stranger nothing');
select * from finish();
rollback;
