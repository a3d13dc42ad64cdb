-- Whatever happens to the sweeps of requests, in whatever order: the counts add up, and nobody gains or loses a sweep.
begin;
\ir fixture/fleet.sql
select setseed(0.7) \g /dev/null
create temporary table asked as
  select natsweep.request_sweep('{"all": true}', '5060/udp', jsonb_build_object('attempts', 1 + n % 3, 'stop_percent', 50, 'expires_s', 60 + 600 * (n % 2))) as request_id
  from generate_series(1, 40) n;

-- What is wrong with the counts of any request at this moment.
create view pg_temp.wrong as
  select p.request_id, p.total, p.retried, n.sweeps, n.sites
  from natsweep.request_progress p
  cross join lateral (
    select count(*) as sweeps, count(distinct s.site_id) as sites, count(*) filter (where not t.final) as open, count(*) filter (where s.retried and not t.final) as undead,
      max(s.attempt) as attempts, count(*) - count(distinct (s.site_id, s.attempt)) as doubled
    from natsweep.sweep s join natsweep.sweep_state t on t.state = s.state where s.request_id = p.request_id) as n
  join natsweep.request r on r.request_id = p.request_id
  where p.total <> p.queued + p.sent + p.accepted + p.running + p.done + p.failed + p.refused + p.expired + p.cancelled + p.lost
    or p.total + p.retried <> n.sweeps or p.total <> n.sites or p.finished <> (n.open = 0) or n.undead > 0 or n.doubled > 0
    or n.attempts > r.attempts or p.ports_done > p.ports_total or p.ports_done < 0;

-- One thing that may happen at any time, by chance.
create function pg_temp.happen() returns void language plpgsql as $$
declare
  dice constant integer := floor(random() * 9);
  one natsweep.sweep;
  events constant text[] := array(select distinct event from natsweep.sweep_transition order by event);
  event text := events[1 + floor(random() * cardinality(events))];
  asked constant bigint := (select a.request_id from asked a order by random() limit 1);
begin
  select s.* into one from natsweep.sweep s join natsweep.sweep_state t on t.state = s.state order by t.final and random() < 0.9, random() limit 1;
  case
    when dice < 4 then
      perform natsweep.sweep_step(array[one.sweep_id], array[event], array[null::text], one.collector_id,
        case when event like 'report%' then array[1 + floor(random() * 5)]::smallint[] end);
    when dice = 4 then
      perform natsweep.claim_sweeps((select c.collector_id from natsweep.collector c order by random() limit 1), array(select a.agent_id from natsweep.agent a), 3);
    when dice = 5 then
      perform natsweep.sweep_progress(one.collector_id, array[one.agent_id], array[one.sweep_id], array[one.generation], array[floor(random() * 100)]::integer[], array[10]::bigint[]);
    when dice = 6 and random() < 0.15 then perform natsweep.cancel_request(asked);
    when dice = 7 then
      begin
        if random() < 0.5 then perform natsweep.pause_request(asked); else perform natsweep.resume_request(asked); end if;
      exception when object_not_in_prerequisite_state then null; -- it has ended
      end;
    else
      update natsweep.sweep s set expires_at = now() where s.sweep_id = one.sweep_id and random() < 0.1;
      update natsweep.sweep s set lost_at = now() where s.sweep_id = one.sweep_id and s.lost_at is not null and random() < 0.2;
      perform natsweep.tick();
  end case;
end
$$;
create temporary table seen (state text primary key);
create function pg_temp.first_wrong(steps integer) returns text language plpgsql as $$
declare
  found record;
begin
  for n in 1 .. steps loop
    perform pg_temp.happen();
    insert into seen select distinct s.state from natsweep.sweep s on conflict do nothing;
    select * into found from pg_temp.wrong;
    if found.request_id is not null then
      return format('after %s steps: %s', n, found);
    end if;
  end loop;
  return null;
end
$$;
select is_empty('select * from pg_temp.wrong', 'at first they add up');
select is(pg_temp.first_wrong(600), null, 'and at every one of 600 steps');
select set_eq('select state from seen', 'select state from natsweep.sweep_state', 'in which every state occurred');
select isnt_empty('select from natsweep.sweep where retried', 'sweeps were tried again');
select isnt_empty('select from natsweep.request where cancelled_at is not null', 'requests cancelled');

-- Two operators cancel at once: one of them does it, both are told how many.
select natsweep.request_sweep('{"all": true}', '5060/udp') as both \gset
select is(natsweep.cancel_request(:both) + natsweep.cancel_request(:both), 3, 'what is cancelled is cancelled once');
select is((select array[cancelled, total] from natsweep.request_progress where request_id = :both), '{3,3}', 'and counted once');
select is((select count(*) from natsweep.audit where what = 'cancel_request' and (detail ->> 'request_id')::bigint = :both), 2::bigint, 'though both asked for it');
select * from finish();
rollback;
