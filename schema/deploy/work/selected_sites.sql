-- The sites a selector means.
begin;
set local role natsweep_owner;

create function natsweep.selected_sites(selector jsonb, who name default session_user)
  returns table (site_id bigint, customer_id bigint)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  everywhere constant boolean := natsweep.role_sees_all(who);
  mine constant bigint[] := natsweep.customers_of(who);
  sites constant text[] := natsweep.selector_texts(selector, 'site');
  site_ids constant bigint[] := natsweep.selector_numbers(selector, 'site_id');
  customers constant text[] := natsweep.selector_texts(selector, 'customer');
  wanted_tags constant text[] := natsweep.selector_texts(selector, 'tag');
  nat_classes constant smallint[] := natsweep.selector_words(selector, 'nat_class', natsweep.nat_class_words());
  -- Two words more than sweeps have: what calls for another look.
  failed constant smallint := cardinality(natsweep.outcome_words()) + 1;
  stale constant smallint := failed + 1;
  outcomes constant smallint[] := natsweep.selector_words(selector, 'outcome',
    natsweep.outcome_words() || '{failed,stale}'::text[]);
  not_since constant timestamptz := natsweep.selector_time(selector, 'not_checked_since');
begin
  perform natsweep.check_selector(selector, who);
  return query
    select s.site_id, s.customer_id
    from natsweep.site s
    join natsweep.customer c on c.customer_id = s.customer_id
    left join natsweep.site_last l on l.site_id = s.site_id
    where (everywhere or s.customer_id = any (mine))
      and (sites is null or s.name = any (sites))
      and (site_ids is null or s.site_id = any (site_ids))
      and (customers is null or c.name = any (customers))
      and (wanted_tags is null or s.tags && wanted_tags)
      and (nat_classes is null or l.nat_class = any (nat_classes))
      and (outcomes is null or l.outcome = any (outcomes)
        or failed = any (outcomes) and l.outcome <> array_position(natsweep.outcome_words(), 'supported')
        or stale = any (outcomes) and (l.at is null or l.at < now() - natsweep.stale_after()))
      and (not_since is null or l.at is null or l.at < not_since)
    order by s.site_id;
end
$$;

comment on function natsweep.selected_sites(jsonb, name) is
  'The sites of the role''s customers that match every key: site, site_id, customer, tag, nat_class and outcome (a text or a '
  'list: any of them), not_checked_since (a time or an age), all. Outcomes are those of sweeps, failed (any but supported) and '
  'stale (no judgement of the last week).';

commit;
