-- Enrolment tokens.
begin;
set local role natsweep_owner;

create function natsweep.tokens()
  returns table (token_id bigint, customer text, site text, state text, uses_left integer, agents bigint, needs_approval boolean,
    expires_at timestamptz, created_by name, created_at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  return query
    select t.token_id, c.name::text, s.name::text,
      case when t.uses_left = 0 then 'used' when t.expires_at <= now() then 'expired' else 'open' end,
      t.uses_left, (select count(*) from natsweep.agent a where a.token_id = t.token_id), t.needs_approval, t.expires_at,
      t.created_by, t.created_at
    from natsweep.enroll_token t
    join natsweep.customer c on c.customer_id = t.customer_id
    -- The site may be another customer's by now.
    left join natsweep.site s on s.site_id = t.site_id and natsweep.may_see_customer(s.customer_id)
    where natsweep.may_see_customer(t.customer_id)
    order by t.token_id desc;
end
$$;

comment on function natsweep.tokens() is
  'The tokens of one''s customers, the newest first: whom each lets in and whether it still does (open, used or revoked, '
  'expired). A site that went to a customer one may not see is not named. Not their hashes, so the table itself can be read by '
  'nobody.';
grant execute on function natsweep.tokens() to natsweep_operator;

commit;
