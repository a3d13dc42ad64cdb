-- The keyring of the gateways.
begin;
set local role natsweep_owner;

create function natsweep.agent_keys()
  returns table (agent_id bigint, site_id bigint, public_key bytea, is_next boolean, state text, site text, customer text,
    new_key_wanted boolean)
  language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select a.agent_id, a.site_id, k.public_key, k.is_next, a.state, s.name::text, c.name::text, a.new_key_wanted
  from natsweep.agent a
  join natsweep.site s on s.site_id = a.site_id
  join natsweep.customer c on c.customer_id = s.customer_id
  cross join lateral (values (a.public_key, false), (a.next_public_key, true)) as k (public_key, is_next)
  where k.public_key is not null;
end;

comment on function natsweep.agent_keys() is
  'Every agent''s key, and the one that will replace it, and what it may do; reread on NOTIFY natsweep_agent and from time to '
  'time.';
grant execute on function natsweep.agent_keys() to natsweep_collector;

commit;
