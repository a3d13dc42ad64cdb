-- Sweeps as commands.
begin;
set local role natsweep_owner;

create function natsweep.commands(sweep_ids bigint[]) returns setof natsweep.command
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  servers constant text[] := array(select v.stun_server from natsweep.vantage v order by v.position, v.vantage_id);
  turn_server constant text := (
    select v.turn_server from natsweep.vantage v where v.turn_server is not null order by v.position, v.vantage_id limit 1);
  sip_echo constant text := (
    select v.sip_echo from natsweep.vantage v where v.sip_echo is not null order by v.position, v.vantage_id limit 1);
begin
  return query
    select s.sweep_id, s.generation, s.agent_id, s.site_id, natsweep.to_us(s.at),
      greatest(0, ceil(extract(epoch from s.expires_at - now())))::integer, r.deadline_s,
      coalesce(o.transports, r.transports), coalesce(o.firsts, r.firsts), coalesce(o.lasts, r.lasts),
      coalesce(o.roles, r.roles), coalesce(o.expects, r.expects), coalesce(o.alternatives, r.alternatives),
      servers, turn_server, sip_echo, r.family, r.mode, r.pace_pps, r.patience_s
    from natsweep.sweep s
    join natsweep.request r on r.request_id = s.request_id
    cross join lateral (
      select array_agg(p.transport), array_agg(p.first), array_agg(p.last), array_agg(p.role), array_agg(p.expect),
        array_agg(p.alternative)
      from unnest(s.ranges) as p
    ) as o (transports, firsts, lasts, roles, expects, alternatives)
    where s.sweep_id = any (sweep_ids);
end
$$;

comment on function natsweep.commands(bigint[]) is 'Claimed sweeps as a collector sends them, against the vantages of this moment.';

commit;
