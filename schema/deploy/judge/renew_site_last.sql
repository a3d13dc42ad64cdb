-- Takes back what a faulty server said about a site.
begin;
set local role natsweep_owner;

create function natsweep.renew_site_last(site_ids bigint[]) returns void
  language sql set search_path = pg_catalog, pg_temp
begin atomic
  update natsweep.site_last l
  set at = n.at, sweep_id = n.sweep_id, outcome = n.outcome, message = n.message, nat_class = n.nat_class, forwarding = n.forwarding,
    public_address = n.public_address, pass_count = n.pass_count, fail_count = n.fail_count, unjudged_count = n.unjudged_count
  from unnest(site_ids) as d (site_id)
  cross join lateral (
    select r.*
    from natsweep.sweep_result r
    where r.site_id = d.site_id and (natsweep.outcome_words())[r.outcome] not in ('cancelled', 'interrupted')
      and not exists (select from natsweep.vantage_fault f where f.site_id = r.site_id and f.at = r.at and f.sweep_id = r.sweep_id)
    order by r.at desc, r.sweep_id desc
    limit 1
  ) as n
  where l.site_id = d.site_id and (l.at, l.sweep_id) <> (n.at, n.sweep_id);
end;

comment on function natsweep.renew_site_last(bigint[]) is 'Makes site_last of some sites the newest sweep that no server''s fault spoiled.';

commit;
