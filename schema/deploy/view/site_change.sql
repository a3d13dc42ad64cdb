-- What changed when.
begin;
set local role natsweep_owner;

create view natsweep.site_change with (security_invoker) as
  select c.name::text as customer, s.name::text as site, g.at, g.what, g.before, g.after, g.sweep_id, g.site_id, s.customer_id
  from natsweep.change g
  join natsweep.site s on s.site_id = g.site_id
  join natsweep.customer c on c.customer_id = s.customer_id;

comment on view natsweep.site_change is
  'One row a change of a site: its outcome, NAT class, public address, ALG, or the ports that fail.';
comment on column natsweep.site_change.customer is 'Whose site it is.';
comment on column natsweep.site_change.site is 'The site.';
comment on column natsweep.site_change.at is 'When the sweep that saw it was first claimed.';
comment on column natsweep.site_change.what is
  'outcome, nat_class, public_address, alg (sip, generic or none), or ports (those that failed and those that fail, among the '
  'ports of both sweeps).';
comment on column natsweep.site_change.before is 'What it was.';
comment on column natsweep.site_change.after is 'What it is.';
comment on column natsweep.site_change.sweep_id is 'That sweep.';
comment on column natsweep.site_change.site_id is 'The number of the site.';
comment on column natsweep.site_change.customer_id is 'The number of the customer.';
grant select on natsweep.site_change to natsweep_viewer;

commit;
