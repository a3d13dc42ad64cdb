-- The plans of reports by their text and by what was asked.
begin;
set local role natsweep_owner;

create function natsweep.plan_ids(reports natsweep.report_in[]) returns table (item integer, plan_id bigint)
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  return query
    with asked as (
      select r.item, r.plan, s.request_id
      from unnest(reports) as r
      join natsweep.sweep s on s.sweep_id = r.sweep_id
    ), grouped as (
      -- A report does not carry the groups of alternatives: the request knows them.
      select q.request_id, natsweep.request_groups(q) as groups
      from natsweep.request q
      where q.request_id in (select a.request_id from asked a)
    ), plan as (
      select p.plan, p.request_id, g.groups, sha256(convert_to(p.plan || coalesce(g.groups::text, ''), 'UTF8')) as digest
      from (select distinct a.plan, a.request_id from asked a) as p
      join grouped g on g.request_id = p.request_id
    ), added as (
      insert into natsweep.port_plan as k (digest, ranges)
      select distinct on (p.digest) p.digest, natsweep.grouped_plan(p.plan::natsweep.port_range[], p.groups)
      from plan p
      where not exists (select from natsweep.port_plan o where o.digest = p.digest)
      -- Another transaction may have added it meanwhile; this one would not see its row otherwise.
      on conflict (digest) do update set digest = excluded.digest
      returning k.digest, k.plan_id
    ), known as (
      select k.digest, k.plan_id from natsweep.port_plan k where k.digest in (select p.digest from plan p)
      union
      select n.digest, n.plan_id from added n
    )
    select a.item, k.plan_id
    from asked a
    join plan p on p.plan = a.plan and p.request_id = a.request_id
    join known k on k.digest = p.digest;
end
$$;

comment on function natsweep.plan_ids(natsweep.report_in[]) is
  'The number of the plan of each report: its ranges with the groups of alternatives that its request asked for; new ones are '
  'added.';

commit;
