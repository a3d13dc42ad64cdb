-- What a webhook is told.
begin;
set local role natsweep_owner;

create function natsweep.webhook_body(delivery natsweep.webhook_delivery) returns text
  language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select jsonb_pretty(jsonb_build_object('id', delivery.delivery_id, 'event', delivery.event, 'created_at', delivery.created_at,
      'customer', c.name) || delivery.detail || coalesce(t.site, '{}') || coalesce(g.changes, '{}'))
  from natsweep.customer c
  left join lateral (
    select jsonb_build_object('site', i.site, 'tags', i.tags, 'outcome', i.outcome, 'nat_class', i.nat_class,
      'forwarding', i.forwarding, 'pass_count', i.pass_count, 'fail_count', i.fail_count,
      'cause', i.cause, 'cure', i.cure, 'flapping', i.flapping) as site
    from natsweep.site_status i
    where i.site_id = (delivery.detail ->> 'site_id')::bigint and i.customer_id = delivery.customer_id -- it may have been moved
  ) as t on true
  left join lateral (
    select jsonb_build_object('changes',
      jsonb_agg(jsonb_build_object('what', h.what, 'before', h.before, 'after', h.after) order by h.what)) as changes
    from natsweep.change h
    where delivery.event = 'site_change' and h.site_id = (delivery.detail ->> 'site_id')::bigint
      and h.at = (delivery.detail ->> 'at')::timestamptz and h.sweep_id = (delivery.detail ->> 'sweep_id')::bigint
    having count(*) > 0
  ) as g on true
  where c.customer_id = delivery.customer_id and (delivery.event <> 'site_change' or g.changes is not null)
    and (not delivery.detail ? 'site_id' or t.site is not null);
end;

comment on function natsweep.webhook_body(natsweep.webhook_delivery) is
  'An event as JSON, with the site as it is now. Null: the change is not true any more, such as when it turned out to be a '
  'server''s fault, or the site is not the customer''s any more.';

commit;
