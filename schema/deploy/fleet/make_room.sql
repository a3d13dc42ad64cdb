-- One active agent a site.
begin;
set local role natsweep_owner;

create function natsweep.make_room(site_id bigint, agent_id bigint, who name) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  other bigint;
begin
  perform from natsweep.site s where s.site_id = make_room.site_id for update; -- two may come at once
  for other in
    select a.agent_id from natsweep.agent a
    where a.site_id = make_room.site_id and a.state = 'active' and a.agent_id is distinct from make_room.agent_id
  loop
    perform natsweep.shut_out(other, 'replaced', who, 'another agent took its place');
  end loop;
end
$$;

comment on function natsweep.make_room(bigint, bigint, name) is
  'Shuts out the active agent of a site, of which there is one at the most, before another becomes it.';

commit;
