-- The schema over several machines.
begin;

do $$
begin
  if not exists (select from pg_catalog.pg_extension where extname = 'citus') then
    raise exception 'the extension citus is not in this database, so natsweep stays on one machine as it was'
      using errcode = 'feature_not_supported',
        hint = 'Do as deploy/guides/citus.md says (install Citus, "create extension citus", name the nodes), '
          'then deploy this change again; on one machine nothing needs it.';
  end if;
end
$$;

create schema natsweep_citus;
comment on schema natsweep_citus is 'How the schema natsweep is distributed with Citus.';

create table natsweep_citus.placement (
  position serial primary key,
  name name not null unique,
  place text not null check (place in ('reference', 'distributed', 'local')),
  why text not null
);
comment on table natsweep_citus.placement is 'Where each table of the schema natsweep is. Citus is told of them in this order.';
comment on column natsweep_citus.placement.position is 'Its turn.';
comment on column natsweep_citus.placement.name is 'The table.';
comment on column natsweep_citus.placement.place is
  'reference: whole on every node; distributed: by site_id, a site''s rows together on one node; local: on the coordinator only.';
comment on column natsweep_citus.placement.why is 'Why there.';

create table natsweep_citus.undo (
  position serial primary key,
  statement text not null
);
comment on table natsweep_citus.undo is 'What brings back what Citus does not take: read from the last to the first.';
comment on column natsweep_citus.undo.position is 'When it was noted.';
comment on column natsweep_citus.undo.statement is 'The statement.';

insert into natsweep_citus.placement (name, place, why) values
  -- A table comes after those that it refers to.
  ('customer', 'reference', 'its name is unique in the fleet'),
  ('site', 'reference', 'joined by all that is of a site'),
  ('enroll_token', 'reference', 'agent refers to it'),
  ('agent', 'reference', 'its keys are unique in the fleet'),
  ('port_plan', 'reference', 'joined by the verdicts of all sites'),

  -- The first is what the others are colocated with.
  ('sweep_result', 'distributed', 'facts'),
  ('report_batch', 'distributed', 'facts'),
  ('port_verdict', 'distributed', 'facts'),
  ('port_evidence', 'distributed', 'facts'),
  ('rejected_report', 'distributed', 'facts'),
  ('site_last', 'distributed', 'newest facts'),
  ('port_last', 'distributed', 'newest facts'),
  ('agent_seen', 'distributed', 'heartbeats'),
  ('change', 'distributed', 'judged from facts'),
  ('vantage_fault', 'distributed', 'judged from facts'),
  ('site_judgement', 'distributed', 'judged from facts'),
  ('site_day', 'distributed', 'days of sites'),

  ('request', 'local', 'work queue'),
  ('sweep', 'local', 'work queue: skip locked, notify'),
  ('sweep_state', 'local', 'rules of the work queue'),
  ('sweep_transition', 'local', 'rules of the work queue'),
  ('hello_decision', 'local', 'rules of the work queue'),
  ('schedule', 'local', 'fills the work queue'),
  ('clock', 'local', 'what the coordinator''s tick saw'),
  ('mutex', 'local', 'locks of the coordinator'),
  ('judge_due', 'local', 'queue of judgement'),
  ('day_due', 'local', 'queue of the days'),
  ('webhook', 'local', 'its secrets stay in one place'),
  ('webhook_delivery', 'local', 'outbox: skip locked'),
  ('webhook_quiet', 'local', 'beside the outbox'),
  ('collector', 'local', 'they connect to the coordinator'),
  ('collector_endpoint', 'local', 'beside collector'),
  ('vantage', 'local', 'read when work is handed out'),
  ('profile', 'local', 'read when work is asked for'),
  ('profile_port', 'local', 'beside profile'),
  ('customer_member', 'local', 'people sign in to the coordinator'),
  ('agent_event', 'local', 'small, its key is global'),
  ('audit', 'local', 'small, its key is global'),
  ('customer_day', 'local', 'sums over sites'),
  ('port_day', 'local', 'sums over sites'),
  ('fact_table', 'local', 'read by the upkeep of partitions'),
  ('retention', 'local', 'read by the upkeep');

-- A table that nobody thought of must not end up somewhere by chance.
do $$
declare
  wrong text;
begin
  with here as (
    select c.relname as name
    from pg_catalog.pg_class c
    where c.relnamespace = 'natsweep'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
  )
  select string_agg(case
      when p.name is null then h.name || ' is not in the list'
      else p.name || ' is in the list and not in the database'
    end, '; ' order by coalesce(h.name, p.name))
  into wrong
  from here h
  full join natsweep_citus.placement p on p.name = h.name
  where p.name is null or h.name is null;
  if wrong is not null then
    raise exception 'the list of placements does not fit the schema natsweep: %', wrong
      using hint = 'Deploy the schema of the same release first; a new table needs a line in schema/citus/deploy/distribute.sql.';
  end if;
end
$$;

-- Citus takes no policy with a subquery. Whoever sees all customers keeps reading; a viewer of some reads nothing of these tables.
do $$
declare
  policy record;
begin
  set local search_path = pg_catalog; -- so that all names are written out
  for policy in
    select p.polname, p.polrelid::regclass as relation, pg_get_expr(p.polqual, p.polrelid) as condition,
      (select string_agg(r::regrole::text, ', ') from unnest(p.polroles) as r) as roles
    from pg_policy p
    join natsweep_citus.placement l on p.polrelid = format('natsweep.%I', l.name)::regclass
    where l.place <> 'local' and p.polqual::text like '%{SUBLINK%'
    order by l.position, p.polname
  loop
    insert into natsweep_citus.undo (statement)
    values (format('alter policy %I on %s to %s using (%s)', policy.polname, policy.relation, policy.roles, policy.condition));
    execute format('alter policy %I on %s to natsweep_admin, natsweep_collector using (true)', policy.polname, policy.relation);
  end loop;
end
$$;

-- A foreign key to a reference table would put the work queue in the hands of Citus.
do $$
declare
  key record;
begin
  set local search_path = pg_catalog;
  for key in
    select c.conname, c.conrelid::regclass as relation, pg_get_constraintdef(c.oid) as definition
    from pg_constraint c
    join natsweep_citus.placement l on c.conrelid = format('natsweep.%I', l.name)::regclass
    join natsweep_citus.placement t on c.confrelid = format('natsweep.%I', t.name)::regclass
    where c.contype = 'f' and l.place = 'local' and t.place <> 'local'
    order by l.position, c.conname
  loop
    insert into natsweep_citus.undo (statement)
    values (format('alter table %s add constraint %I %s', key.relation, key.conname, key.definition));
    execute format('alter table %s drop constraint %I', key.relation, key.conname);
  end loop;
end
$$;

do $$
declare
  reference regclass;
  distributed regclass;
  leader text := 'none';
begin
  set local search_path = pg_catalog;
  perform set_config('citus.multi_shard_modify_mode', 'sequential', true);
  for reference in
    select format('natsweep.%I', l.name)::regclass from natsweep_citus.placement l where l.place = 'reference' order by l.position
  loop
    perform create_reference_table(reference);
  end loop;
  for distributed in
    select format('natsweep.%I', l.name)::regclass from natsweep_citus.placement l where l.place = 'distributed' order by l.position
  loop
    perform create_distributed_table(distributed, 'site_id', colocate_with => leader);
    if leader = 'none' then
      leader := distributed::text;
    end if;
  end loop;
end
$$;

commit;
