-- The sites that match a filter as CSV.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_sites_csv(asked jsonb) returns text
  language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select 'customer,site,tags,outcome,nat_class,forwarding,public_address,pass_count,fail_count,unjudged_count,last_sweep,'
    'agent_online,stale,alg,cause,cure' || E'\n'
    || coalesce(string_agg(concat_ws(',',
      natsweep.dashboard_csv_field((r.site).customer), natsweep.dashboard_csv_field((r.site).site),
      natsweep.dashboard_csv_field(array_to_string((r.site).tags, ' ')),
      coalesce((r.site).outcome, ''), coalesce((r.site).nat_class, ''), coalesce((r.site).forwarding, ''),
      coalesce(host((r.site).public_address), ''),
      coalesce((r.site).pass_count::text, ''), coalesce((r.site).fail_count::text, ''), coalesce((r.site).unjudged_count::text, ''),
      coalesce(to_char((r.site).last_sweep at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), ''),
      (r.site).agent_online::text, (r.site).stale::text, coalesce((r.site).alg, ''),
      natsweep.dashboard_csv_field((r.site).cause), natsweep.dashboard_csv_field((r.site).cure)),
      E'\n' order by r.place) || E'\n', '')
  from natsweep.dashboard_sorted_sites(asked) r;
end;

comment on function natsweep.dashboard_sites_csv(jsonb) is
  'All sites that a filter means as CSV, in its order.';
grant execute on function natsweep.dashboard_sites_csv(jsonb) to natsweep_viewer;

commit;
