-- The sites.
begin;
set local role natsweep_owner;

create view natsweep.site_status with (security_invoker) as
  select c.name::text as customer, s.name::text as site, s.tags,
    (natsweep.outcome_words())[l.outcome] as outcome,
    (natsweep.nat_class_words())[l.nat_class] as nat_class,
    (natsweep.forwarding_words())[l.forwarding] as forwarding,
    l.public_address, l.pass_count, l.fail_count, l.unjudged_count, l.at as last_sweep,
    coalesce(a.online, false) as agent_online,
    l.at is null or l.at < now() - natsweep.stale_after() as stale,
    l.message, l.sweep_id, s.site_id, s.customer_id,
    j.alg, j.changed_at, j.failing_since, coalesce(j.flapping_until > now(), false) as flapping,
    coalesce(j.shared_address, false) as shared_address, a.last_seen as agent_last_seen,
    case when j.sweep_id = l.sweep_id then j.cause end as cause, case when j.sweep_id = l.sweep_id then j.cure end as cure
  from natsweep.site s
  join natsweep.customer c on c.customer_id = s.customer_id
  left join natsweep.site_last l on l.site_id = s.site_id
  left join natsweep.site_agent a on a.site_id = s.site_id
  left join natsweep.site_judgement j on j.site_id = s.site_id;

comment on view natsweep.site_status is 'One row a site: its newest judgement, and whether its agent is there.';
comment on column natsweep.site_status.customer is 'Whose it is.';
comment on column natsweep.site_status.site is 'The site.';
comment on column natsweep.site_status.tags is 'Its tags.';
comment on column natsweep.site_status.outcome is 'Outcome of its last sweep that ran to its end; null: never swept.';
comment on column natsweep.site_status.nat_class is 'Class of its NAT.';
comment on column natsweep.site_status.forwarding is 'complete, partial or none; null: unknown.';
comment on column natsweep.site_status.public_address is 'What the STUN server saw.';
comment on column natsweep.site_status.pass_count is 'Ports that are as expected.';
comment on column natsweep.site_status.fail_count is 'Ports that are not.';
comment on column natsweep.site_status.unjudged_count is 'Ports that could not be judged.';
comment on column natsweep.site_status.last_sweep is 'When that sweep was.';
comment on column natsweep.site_status.agent_online is 'Whether its agent is connected now.';
comment on column natsweep.site_status.stale is 'Whether it has no judgement of the last seven days.';
comment on column natsweep.site_status.message is 'The outcome in one sentence.';
comment on column natsweep.site_status.sweep_id is 'That sweep.';
comment on column natsweep.site_status.site_id is 'The number of the site.';
comment on column natsweep.site_status.customer_id is 'The number of the customer.';
comment on column natsweep.site_status.alg is 'sip, generic or none: what rewrites payloads on the way; null: not tested.';
comment on column natsweep.site_status.changed_at is 'When something of it last changed.';
comment on column natsweep.site_status.failing_since is 'When it was first seen not to be supported after it had been.';
comment on column natsweep.site_status.flapping is 'Whether its outcome changed four times within seven days.';
comment on column natsweep.site_status.shared_address is
  'Whether a site of another customer has the same public address: CGNAT, most likely.';
comment on column natsweep.site_status.agent_last_seen is 'Its agent''s last sign of life.';
comment on column natsweep.site_status.cause is
  'The likely cause of its trouble; null: there is none, or that sweep is still to be judged.';
comment on column natsweep.site_status.cure is 'What to do about it.';
grant select on natsweep.site_status to natsweep_viewer;

commit;
