-- Whether one of a group of alternatives works.
begin;
set local role natsweep_owner;

create function natsweep.alternative_works(site_id bigint, at timestamptz, sweep_id bigint, alternative smallint) returns boolean
  language sql stable parallel safe
begin atomic
  select coalesce(bool_or(natsweep.as_expected(
    (natsweep.verdict_words())[v.verdict], (natsweep.expect_words())[h.expect], v.unsolicited)), false)
  from natsweep.port_verdict v
  join natsweep.port_plan k on k.plan_id = v.plan_id
  join lateral unnest(k.ranges) as h
    on h.alternative = alternative_works.alternative and h.transport = v.transport and v.ports && int4range(h.first, h.last, '[]')
  where v.site_id = alternative_works.site_id and v.at = alternative_works.at and v.sweep_id = alternative_works.sweep_id;
end;

comment on function natsweep.alternative_works(bigint, timestamptz, bigint, smallint) is
  'Whether a port of a group of alternatives (443 or 5001) was as hoped in a sweep: then the others of the group need not be. '
  'Reads with the rights of who asks.';
grant execute on function natsweep.alternative_works(bigint, timestamptz, bigint, smallint) to natsweep_viewer;

commit;
