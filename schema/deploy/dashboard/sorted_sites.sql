-- The sites that match a filter, in order.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_sorted_sites(asked jsonb) returns table (place bigint, site natsweep.site_status)
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  -- Worst first.
  outcomes constant text[] := '{unsupported,partial,inconclusive,not_run,cancelled,interrupted,supported}';
  sort constant text := coalesce(natsweep.dashboard_word(asked, 'sort',
    '{site,customer,outcome,nat_class,forwarding,fail_count,last_sweep,public_address}'), 'outcome');
  up constant boolean := coalesce(natsweep.dashboard_word(asked, 'order', '{up,down}'), 'up') = 'up';
begin
  return query
    select row_number() over (order by case when up then k.word end, case when not up then k.word end desc nulls last,
        case when up then k.number end nulls last, case when not up then k.number end desc nulls last,
        lower(s.customer), lower(s.site), s.site_id),
      s::natsweep.site_status
    from natsweep.dashboard_matching_sites(asked) s
    cross join lateral (
      select
        case sort
          when 'site' then lower(s.site)
          when 'customer' then lower(s.customer)
          when 'nat_class' then s.nat_class
        end as word,
        case sort
          when 'outcome' then coalesce(array_position(outcomes, s.outcome), 5) - s.fail_count / 1000000.0
          when 'forwarding' then array_position(natsweep.forwarding_words(), s.forwarding)
          when 'fail_count' then s.fail_count
          when 'last_sweep' then extract(epoch from s.last_sweep)
          when 'public_address' then
            ('x' || right('0000000000000000' || substr(encode(inet_send(s.public_address), 'hex'), 9), 16))::bit(64)::bigint
        end as number) as k;
end
$$;

comment on function natsweep.dashboard_sorted_sites(jsonb) is
  'The sites that a filter means, numbered in the order that sort and order (up, down) name; by outcome, the worst come first.';
grant execute on function natsweep.dashboard_sorted_sites(jsonb) to natsweep_viewer;

commit;
