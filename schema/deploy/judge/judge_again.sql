-- Judges history anew.
begin;
set local role natsweep_owner;

create function natsweep.judge_again(since timestamptz default '-infinity') returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp set jit = off -- compiling would take longer than the work
as $$
declare
  asked integer;
begin
  perform natsweep.find_vantage_faults(m.first, m.last)
  from (
    select min(r.at) as first, max(r.at) as last
    from natsweep.sweep_result r
    where r.at >= judge_again.since
    group by date_trunc('month', r.at at time zone 'utc')
  ) as m;
  insert into natsweep.judge_due (site_id, at)
  select r.site_id, min(r.at) from natsweep.sweep_result r where r.at >= judge_again.since group by r.site_id;
  get diagnostics asked = row_count;
  perform natsweep.note('judge_again', null, jsonb_build_object('since', since, 'sites', asked));
  return asked;
end
$$;

comment on function natsweep.judge_again(timestamptz) is
  'Has the facts from a time on judged anew, after the judgement itself was changed; collectors do it bit by bit. Returns for how '
  'many sites. What comes out the same stays as it is. port_last is left alone: it says where the agents'' own verdicts are, and '
  'no judgement changes those.';
grant execute on function natsweep.judge_again(timestamptz) to natsweep_admin;

commit;
