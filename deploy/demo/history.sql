-- Ninety days that never were, so that the dashboard's trends have something to show: each site as it is today, and the ones that
-- work were mended one after the other.
set client_min_messages = warning;
begin;
create temporary table past on commit drop as
select l.site_id, l.at as like_at, l.sweep_id as like_sweep, nextval('natsweep.sweep_sweep_id_seq') as sweep_id,
  date_trunc('day', now(), 'utc') - d.n * interval '1 day' + interval '1 hour' + l.site_id * interval '1 min' as at,
  (natsweep.outcome_words())[l.outcome] = 'supported' and d.n > 12 + l.site_id * 17 % 65 as broken
from natsweep.site_last l, generate_series(1, 89) d (n);

-- Months so long ago are made by nobody else.
do $$
declare
  month timestamp;
  fact name;
begin
  for month, fact in
    select distinct date_trunc('month', p.at at time zone 'utc'), f.name
    from past p, unnest('{sweep_result,port_verdict}'::name[]) as f (name)
  loop
    continue when to_regclass(format('natsweep.%I', fact || to_char(month, '_YYYY_MM'))) is not null;
    execute format('create table natsweep.%I partition of natsweep.%I for values from (%L) to (%L)',
      fact || to_char(month, '_YYYY_MM'), fact, month::text || '+00', (month + interval '1 month')::text || '+00');
    execute format('alter table natsweep.%I enable row level security, force row level security',
      fact || to_char(month, '_YYYY_MM'));
  end loop;
end
$$;

insert into natsweep.sweep_result
select (jsonb_populate_record(r, jsonb_build_object('at', p.at, 'sweep_id', p.sweep_id, 'started_at', p.at, 'stored_at', p.at)
  || case when p.broken then jsonb_build_object('outcome', array_position(natsweep.outcome_words(), 'unsupported'),
      'forwarding', array_position(natsweep.forwarding_words(), 'none'), 'message', 'No port is open.',
      'pass_count', 0, 'fail_count', r.pass_count + r.fail_count) else '{}' end)).*
from past p
join natsweep.sweep_result r on r.site_id = p.site_id and r.at = p.like_at and r.sweep_id = p.like_sweep;

insert into natsweep.port_verdict
select (jsonb_populate_record(v, jsonb_build_object('at', p.at, 'sweep_id', p.sweep_id)
  || case when p.broken and (natsweep.verdict_words())[v.verdict] = 'pass'
    then jsonb_build_object('verdict', array_position(natsweep.verdict_words(), 'closed'), 'inbound', false, 'unsolicited', false)
    else '{}' end)).*
from past p
join natsweep.port_verdict v on v.site_id = p.site_id and v.at = p.like_at and v.sweep_id = p.like_sweep;
commit;

-- The collector would do the rest by itself, but slowly.
select natsweep.judge_again() \g /dev/null
do $$
begin
  while natsweep.judge() > 0 loop
  end loop;
  update natsweep.day_due set due_at = now();
  while natsweep.roll_up() > 0 loop
  end loop;
end
$$;
