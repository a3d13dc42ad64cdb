-- Whether a sweep looked at ports of an earlier one again.
begin;
set local role natsweep_owner;

create function natsweep.is_recheck(result natsweep.sweep_result, last natsweep.site_last) returns boolean
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  memory constant interval := '7 days'; -- what is older says nothing about the ports that were not looked at again
begin
  if result.port_count >= last.base_port_count or (result.at, result.sweep_id) <= (last.base_at, last.base_sweep_id)
    or result.at > last.base_at + memory
  then
    return false;
  end if;
  -- What a schedule sweeps night by night stands for itself.
  if exists (
    select from natsweep.sweep s join natsweep.request r on r.request_id = s.request_id
    where s.sweep_id = result.sweep_id and r.schedule_id is not null)
  then
    return false;
  end if;
  return exists (
      select from natsweep.sweep_result b
      where b.site_id = last.site_id and b.at = last.base_at and b.sweep_id = last.base_sweep_id and b.family = result.family)
    and not exists (
      select from natsweep.port_verdict v
      where v.site_id = result.site_id and v.at = result.at and v.sweep_id = result.sweep_id
        and not v.ports <@ coalesce((
          select range_agg(b.ports) from natsweep.port_verdict b
          where b.site_id = last.site_id and b.at = last.base_at and b.sweep_id = last.base_sweep_id
            and b.transport = v.transport), '{}'));
end
$$;

comment on function natsweep.is_recheck(natsweep.sweep_result, natsweep.site_last) is
  'Whether a sweep is one of some of the ports of the sweep that a site''s status speaks of, within a week and not by a schedule: '
  'then it must not erase the judgement of the other ports.';

commit;
