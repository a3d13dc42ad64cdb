-- An unknown key becomes an agent.
begin;
set local role natsweep_owner;

create function natsweep.enroll_agent(token_hash bytea, public_key bytea, hostname text, agent_version text)
  returns table (status text, agent_id bigint, site_id bigint, site text, customer text)
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  token natsweep.enroll_token;
  known natsweep.agent;
begin
  select * into token from natsweep.enroll_token t where t.token_hash = enroll_agent.token_hash for update;
  if token.token_id is null then
    return query select 'token_unknown', null::bigint, null::bigint, null::text, null::text;
    return;
  end if;
  -- The same key may come with another token at the same time.
  perform from natsweep.mutex m where m.name = 'enrolment' for update;
  select * into known from natsweep.agent a where enroll_agent.public_key in (a.public_key, a.next_public_key);
  if known.agent_id is null and token.expires_at <= now() then
    return query select 'token_expired', null::bigint, null::bigint, null::text, null::text;
    return;
  end if;
  if known.agent_id is null and token.uses_left = 0 then
    return query select 'token_used', null::bigint, null::bigint, null::text, null::text;
    return;
  end if;
  if known.agent_id is null then
    known.site_id := coalesce(token.site_id, natsweep.site_for_host(token.customer_id, enroll_agent.hostname));
    if not token.needs_approval then
      perform natsweep.make_room(known.site_id, null, null);
    end if;
    insert into natsweep.agent as a (site_id, public_key, state, token_id, hostname)
    values (known.site_id, enroll_agent.public_key, case when token.needs_approval then 'pending' else 'active' end, token.token_id,
      left(enroll_agent.hostname, 256))
    returning * into known;
    perform natsweep.agent_befell(known.agent_id, 'enrolled', token.created_by, 'on ' || known.hostname);
    update natsweep.enroll_token t set uses_left = t.uses_left - 1 where t.token_id = token.token_id;
    notify natsweep_agent;
  elsif known.token_id <> token.token_id and known.state <> 'revoked' then
    -- Whose it is stays untold: the token may be another customer's.
    return query select 'key_known', null::bigint, null::bigint, null::text, null::text;
    return;
  end if;
  return query
    select case known.state when 'active' then 'enrolled' else known.state end,
      known.agent_id, s.site_id, s.name::text, c.name::text
    from natsweep.site s
    join natsweep.customer c on c.customer_id = s.customer_id
    where s.site_id = known.site_id and known.token_id = token.token_id
    union all
    select 'revoked', null, null, null, null
    where known.token_id <> token.token_id;
end
$$;

comment on function natsweep.enroll_agent(bytea, bytea, text, text) is
  'Makes an agent of a key with a token''s hash. Status: enrolled, pending, token_unknown, token_expired, token_used, key_known '
  '(enrolled with another token) or revoked. The same key with the same token gets the same answer again.';
grant execute on function natsweep.enroll_agent(bytea, bytea, text, text) to natsweep_collector;

commit;
