-- The sites that match a filter of the page.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_matching_sites(asked jsonb) returns setof natsweep.site_status
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  -- What is typed is searched for as it is, so % and _ mean themselves.
  search constant text := lower(nullif(btrim(asked ->> 'q'), ''));
  wanted_customer constant text := nullif(asked ->> 'customer', '');
  tag constant text := nullif(asked ->> 'tag', '');
  wanted_outcome constant text := natsweep.dashboard_word(asked, 'outcome', natsweep.outcome_words() || 'never'::text);
  wanted_class constant text := natsweep.dashboard_word(asked, 'nat_class', natsweep.nat_class_words());
  wanted_forwarding constant text := natsweep.dashboard_word(asked, 'forwarding', natsweep.forwarding_words());
  state constant text := natsweep.dashboard_word(asked, 'state', '{online,offline,stale,flapping,alg,shared}');
begin
  return query
    select s.*
    from natsweep.site_status s
    where (search is null
        or position(search in lower(concat_ws(' ', s.site, s.customer, host(s.public_address), s.tags::text))) > 0)
      and (wanted_customer is null or s.customer = wanted_customer)
      and (tag is null or tag = any (s.tags))
      and (wanted_outcome is null or coalesce(s.outcome, 'never') = wanted_outcome)
      and (wanted_class is null or s.nat_class = wanted_class)
      and (wanted_forwarding is null or s.forwarding = wanted_forwarding)
      and case state
        when 'online' then s.agent_online
        when 'offline' then not s.agent_online
        when 'stale' then s.stale
        when 'flapping' then s.flapping
        when 'alg' then s.alg in ('sip', 'generic')
        when 'shared' then s.shared_address
        else true
      end;
end
$$;

comment on function natsweep.dashboard_matching_sites(jsonb) is
  'The rows of site_status that a filter means: q (part of a name, an address or a tag), customer, tag, outcome (never: not '
  'judged yet), nat_class, forwarding and state, combined with and.';
grant execute on function natsweep.dashboard_matching_sites(jsonb) to natsweep_viewer;

commit;
