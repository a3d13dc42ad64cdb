-- The plans of reports by their text.
begin;
set local role natsweep_owner;

create function natsweep.plan_ids(plans text[]) returns table (plan text, plan_id bigint)
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  insert into natsweep.port_plan (digest, ranges)
  select sha256(convert_to(u.plan, 'UTF8')), u.plan::natsweep.port_range[]
  from (select distinct p.plan from unnest(plans) as p (plan)) as u
  where not exists (select from natsweep.port_plan k where k.digest = sha256(convert_to(u.plan, 'UTF8')))
  on conflict (digest) do nothing;
  return query
    select u.plan, k.plan_id
    from (select distinct p.plan from unnest(plans) as p (plan)) as u
    join natsweep.port_plan k on k.digest = sha256(convert_to(u.plan, 'UTF8'));
end
$$;

comment on function natsweep.plan_ids(text[]) is 'The number of each plan, given as port_plan.ranges is written; new ones are added.';

commit;
