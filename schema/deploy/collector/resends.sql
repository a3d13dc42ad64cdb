-- Commands to send again.
begin;
set local role natsweep_owner;

create function natsweep.resends(collector_id bigint, sweep_ids bigint[]) returns setof natsweep.command
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  return query
    select *
    from natsweep.commands(array(
      select s.sweep_id
      from natsweep.sweep s
      where s.sweep_id = any (resends.sweep_ids) and s.collector_id = resends.collector_id and s.state = 'sent'));
end
$$;

comment on function natsweep.resends(bigint, bigint[]) is
  'The commands of sweeps that agent_hello() said to resend, as far as they still wait for an answer.';
grant execute on function natsweep.resends(bigint, bigint[]) to natsweep_collector;

commit;
