-- A server to sweep against.
begin;
set local role natsweep_owner;

create function natsweep.set_vantage(name text, stun_server text, turn_server text default null, sip_echo text default null,
    "position" integer default 1, in_flight_max integer default null)
  returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  endpoint constant text := '^([A-Za-z0-9._-]{1,249}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?$'; -- a command has 255 bytes for one
  wrong text;
  id bigint;
begin
  perform natsweep.check_label('vantage', name);
  select t into wrong from unnest(array[stun_server, turn_server, sip_echo]) as t
  where t !~ endpoint or coalesce(substring(t from ':([0-9]+)$')::numeric, 1) not between 1 and 65535
  limit 1;
  if found or stun_server is null then
    raise exception '"%" is no HOST[:PORT]', coalesce(wrong, stun_server) using errcode = 'invalid_parameter_value';
  end if;
  insert into natsweep.vantage as v (name, stun_server, turn_server, sip_echo, position, in_flight_max)
  values (set_vantage.name, set_vantage.stun_server, set_vantage.turn_server, set_vantage.sip_echo, set_vantage.position,
    set_vantage.in_flight_max)
  on conflict on constraint vantage_name_key do update
    set stun_server = excluded.stun_server, turn_server = excluded.turn_server, sip_echo = excluded.sip_echo,
      position = excluded.position, in_flight_max = excluded.in_flight_max
  returning v.vantage_id into id;
  perform natsweep.note('set_vantage', null,
    jsonb_build_object('vantage', name, 'stun_server', stun_server, 'turn_server', turn_server, 'sip_echo', sip_echo,
      'position', "position", 'in_flight_max', in_flight_max));
  return id;
end
$$;

comment on function natsweep.set_vantage(text, text, text, text, integer, integer) is
  'Makes or replaces a vantage: the STUN server, the TURN server (null: the same), the SIP echo (null: none), its place in the '
  'order and how many sweeps it may have at a time (null: no limit).';
grant execute on function natsweep.set_vantage(text, text, text, text, integer, integer) to natsweep_admin;

commit;
