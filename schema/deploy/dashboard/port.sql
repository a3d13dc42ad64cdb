-- The evidence of one port.
begin;
set local role natsweep_owner;

create function natsweep.dashboard_port(asked jsonb) returns jsonb
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  id constant bigint := natsweep.dashboard_find_site(asked);
  number constant integer := natsweep.dashboard_number(asked, 'port', 5060, 1, 65535);
  through constant text := coalesce(natsweep.dashboard_word(asked, 'transport', natsweep.transport_words()), 'udp');
  swept_at constant timestamptz := natsweep.dashboard_time(asked, 'at');
  sweep constant bigint := natsweep.dashboard_number(asked, 'sweep', null, 0, 999999999999999999);
  evidence jsonb;
begin
  if sweep is null then
    select to_jsonb(p)
    into evidence
    from natsweep.port_current p
    where p.site_id = id and p.port = number and p.transport = through
    limit 1;
  else
    select to_jsonb(p) into evidence
    from natsweep.port_result p
    where p.site_id = id and p.at = swept_at and p.sweep_id = sweep and p.port = number and p.transport = through
    limit 1;
  end if;
  return jsonb_build_object('port', number, 'transport', through, 'evidence', evidence,
    'history', natsweep.dashboard_port_history(id, number, array_position(natsweep.transport_words(), through)::smallint));
end
$$;

comment on function natsweep.dashboard_port(jsonb) is
  'The evidence of one port of a site, as it is or of one sweep, and how it was over time.';
grant execute on function natsweep.dashboard_port(jsonb) to natsweep_viewer;

commit;
