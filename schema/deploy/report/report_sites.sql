-- The sites of a customer in the words of the report.
begin;
set local role natsweep_owner;

create function natsweep.report_sites(customer text)
  returns table (site_id bigint, site text, outcome text, pass text, fail text, address text, last_sweep text, agent text,
    cause text, cure text, hint text, failing_since text, stale boolean, flapping boolean)
  language sql stable set search_path = pg_catalog, pg_temp
begin atomic
  select s.site_id, s.site, s.outcome, s.pass_count::text, s.fail_count::text, host(s.public_address),
    coalesce(to_char(s.last_sweep at time zone 'utc', 'YYYY-MM-DD HH24:MI'), 'never'),
    case
      when s.agent_last_seen is null then 'none yet'
      when s.agent_online then 'connected'
      else 'away since ' || to_char(s.agent_last_seen at time zone 'utc', 'YYYY-MM-DD')
    end,
    coalesce(s.cause, s.message, 'No test has run here yet.'),
    coalesce(s.cure, case when s.outcome is null then 'Install the agent on the phone system and start a test.' end),
    natsweep.router_hint(s.tags),
    to_char(s.failing_since at time zone 'utc', 'YYYY-MM-DD'),
    s.stale and s.outcome is not null, s.flapping
  from natsweep.site_status s
  where s.customer = report_sites.customer
  order by array_position(array['unsupported', 'partial', 'inconclusive', 'not_run', null, 'supported'], s.outcome), s.site;
end;

comment on function natsweep.report_sites(text) is
  'The sites of a customer as the report tells of them, those with the most to do first; stale: there is a result, and it is out '
  'of date.';
grant execute on function natsweep.report_sites(text) to natsweep_viewer;

commit;
