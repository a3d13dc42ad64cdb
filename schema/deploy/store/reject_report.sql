-- Keeps what cannot be stored.
begin;
set local role natsweep_owner;

create function natsweep.reject_report(agent_id bigint, site_id bigint, sweep_id bigint, batch integer, reason text, payload bytea)
  returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
  -- What the agents of one site may fill the disk with in a day.
  kept_a_day constant integer := 200;
  digest constant bytea := sha256(payload);
begin
  if (select count(*) < kept_a_day and count(*) filter (where r.digest = digest and r.sweep_id = sweep_id) = 0
      from natsweep.rejected_report r
      where r.site_id = site_id and r.at > now() - interval '1 day')
  then
    insert into natsweep.rejected_report (site_id, agent_id, sweep_id, batch, reason, digest, payload)
    values (site_id, agent_id, sweep_id, batch, reason, digest, payload)
    on conflict do nothing;
  end if;
end
$$;

comment on function natsweep.reject_report(bigint, bigint, bigint, integer, text, bytea) is
  'Keeps a report that cannot be stored, once, and not more than 200 of one site in a day.';
grant execute on function natsweep.reject_report(bigint, bigint, bigint, integer, text, bytea) to natsweep_collector;

commit;
