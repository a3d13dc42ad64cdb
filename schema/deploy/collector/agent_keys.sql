-- The keyring of the gateways.
begin;
set local role natsweep_owner;

create function natsweep.agent_keys()
  returns table (agent_id bigint, site_id bigint, public_key bytea, state text, site text, customer text)
  language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
  select a.agent_id, a.site_id, a.public_key, a.state, s.name::text, c.name::text
  from natsweep.agent a
  join natsweep.site s on s.site_id = a.site_id
  join natsweep.customer c on c.customer_id = s.customer_id;
end;

comment on function natsweep.agent_keys() is 'Every agent''s key and what it may do; reread on NOTIFY natsweep_agent and from time to time.';
grant execute on function natsweep.agent_keys() to natsweep_collector;

commit;
