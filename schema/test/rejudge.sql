-- All that is judged comes from the facts: dropped and worked out again it is the same.
begin;
\ir fixture/fleet.sql
\ir fixture/history.sql
-- Four weeks of nine sites, of which some fail, flap, change class or address, share one, or meet a server's outage.
select date_trunc('month', now(), 'utc') - interval '27 days' + interval '2 hours' as start \gset
select natsweep.create_site('Acme', 'more-' || n) from generate_series(1, 3) n \g /dev/null
select natsweep.create_site('Beta', 'other-' || n) from generate_series(1, 2) n \g /dev/null
select setseed(0.42) \g /dev/null
create temporary table night as
  select s.site_id, timestamptz :'start' + d * interval '1 day' + s.site_id * interval '1 min' as at, d, random() as luck, random() as place
  from natsweep.site s, generate_series(0, 26) d
  order by d, s.site_id;
select pg_temp.swept(n.site_id, n.at,
    case when n.d = 20 then 'unsupported' when n.site_id % 4 = 1 and n.luck < 0.5 then 'partial' when n.luck < 0.05 then 'unsupported'
      when n.luck > 0.97 then 'not_run' else 'supported' end,
    case when n.d <> 20 and n.site_id % 4 = 1 and n.luck < 0.5 then int4multirange(int4range(9000 + (n.place * 9)::integer, 9010)) end,
    jsonb_build_object('public_address', case when n.site_id % 3 = 0 then '203.0.113.200' else format('203.0.113.%s', n.site_id + (n.luck > 0.9)::integer) end,
      'nat_class', case when n.luck > 0.9 then 5 else 4 end, 'sip_alg', n.luck > 0.5))
from night n order by n.at \g /dev/null

-- As collectors do it, until nothing is due.
create procedure pg_temp.settle() language plpgsql as $$
begin
  while natsweep.judge(50) > 0 loop null; end loop;
  update natsweep.day_due set due_at = now();
  while natsweep.roll_up(100) > 0 loop null; end loop;
end
$$;
create function pg_temp.dump(derived text) returns setof text language plpgsql as $$
begin
  return query execute format('select d::text from natsweep.%I d', derived);
end
$$;
create temporary table derived (name text primary key);
insert into derived values ('change'), ('vantage_fault'), ('site_judgement'), ('site_last'), ('site_day'), ('customer_day'), ('port_day');
call pg_temp.settle();
create temporary table before as select d.name, r.line from derived d cross join lateral pg_temp.dump(d.name) as r (line);
select is_empty('select name from derived d where not exists (select from before b where b.name = d.name)', 'every kind of judgement occurs');
select isnt_empty('select from natsweep.site_judgement where flapping_until is not null', 'a site flaps');
select isnt_empty('select from natsweep.site_status where shared_address', 'sites share an address');
select is((select count(*) from natsweep.vantage_event), 1::bigint, 'a night without a server is one event');

-- The newest sweep is what it is; that earlier ones were rechecks is known to site_last alone, and here are none.
do $$
declare
  derived text;
begin
  for derived in select name from derived loop
    execute format('delete from natsweep.%I', derived);
  end loop;
end
$$;
select is(natsweep.judge_again(), 9, 'history is judged anew');
call pg_temp.settle();
create temporary table after as select d.name, r.line from derived d cross join lateral pg_temp.dump(d.name) as r (line);
select bag_eq('select * from after where name <> ''site_last''', 'select * from before where name <> ''site_last''', 'and comes out the same, row by row');
select bag_eq('select outcome, nat_class, forwarding, pass_count, fail_count, last_sweep, sweep_id, site from natsweep.site_status where outcome is not null',
  format('select outcome, nat_class, forwarding, pass_count, fail_count, at, sweep_id, site from natsweep.site_daily d where at = (select max(at) from natsweep.site_daily o where o.site_id = d.site_id)'),
  'each site''s status is that of its last night');

-- Once more without anything dropped: nothing moves.
select natsweep.judge_again() \g /dev/null
call pg_temp.settle();
select bag_eq('select d.name, r.line from derived d cross join lateral pg_temp.dump(d.name) as r (line)', 'select * from after', 'what comes out the same stays as it is');
select * from finish();
rollback;
