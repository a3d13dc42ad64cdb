-- Removes a site.
begin;
set local role natsweep_owner;

create function natsweep.remove_site(customer text, site text) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  id constant bigint := natsweep.find_site(customer, site);
  cancelled integer;
  agents bigint[];
begin
  perform from natsweep.site s where s.site_id = id for update;
  cancelled := natsweep.cancel_site(id, 'the site was removed by ' || session_user);
  agents := array(select a.agent_id from natsweep.agent a where a.site_id = id order by a.agent_id);
  perform natsweep.note('remove_site', array[natsweep.find_customer(customer)],
    jsonb_build_object('customer', customer, 'site', site, 'site_id', id, 'agents', agents, 'cancelled', cancelled));

  -- The facts stay until their months are dropped; without the site no view shows them.
  delete from natsweep.sweep w where w.site_id = id;
  delete from natsweep.agent_seen n where n.site_id = id;
  delete from natsweep.agent_event e where e.site_id = id;
  delete from natsweep.agent a where a.site_id = id;
  update natsweep.enroll_token t set site_id = null, uses_left = 0 where t.site_id = id; -- agents that have moved came with it
  delete from natsweep.enroll_token t
  where t.site_id is null and t.uses_left = 0 and not exists (select from natsweep.agent a where a.token_id = t.token_id);
  delete from natsweep.site_last l where l.site_id = id;
  delete from natsweep.site_judgement j where j.site_id = id;
  delete from natsweep.port_last l where l.site_id = id;
  delete from natsweep.judge_due d where d.site_id = id;
  delete from natsweep.change g where g.site_id = id;
  delete from natsweep.vantage_fault f where f.site_id = id;
  delete from natsweep.site_day d where d.site_id = id;
  delete from natsweep.site s where s.site_id = id;
  notify natsweep_agent;
  notify natsweep_work;
  return cancelled;
end
$$;

comment on function natsweep.remove_site(text, text) is
  'Removes a site with its agents, its sweeps and what was judged of it; returns how many sweeps were under way. Its agents are '
  'turned away, and what they still report is rejected. Sums of past days stay.';
grant execute on function natsweep.remove_site(text, text) to natsweep_operator;

commit;
