-- Where to look in a router.
begin;
set local role natsweep_owner;

create function natsweep.router_hint(tags text[]) returns text
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
begin atomic
  select h.family || ': ' || string_agg(r.named || replace(h.hint, 'HOST', 'PBX'), '. ' order by r.place) || '.'
  from (
    select f.family
    from unnest(tags) with ordinality as t (tag, place)
    join (values
      ('fritzbox', 'FRITZ!Box'), ('mikrotik', 'MikroTik'), ('pfsense', 'pfSense'), ('opnsense', 'OPNsense'),
      ('unifi', 'Ubiquiti UniFi'), ('edgerouter', 'EdgeRouter'), ('sophos', 'Sophos Firewall'), ('fortigate', 'FortiGate'),
      ('sonicwall', 'SonicWall'), ('draytek', 'DrayTek'), ('cisco', 'Cisco IOS')
    ) as f (router, family) on lower(regexp_replace(t.tag, '^router[:=]', '')) ~ ('^' || f.router || '(\W|$)')
    order by t.place
    limit 1
  ) as known
  join natsweep.remedy_hints() h on h.family = known.family
  join (values (1, 'forward', ''), (2, 'static_port', 'Static source ports: '), (3, 'alg', 'SIP ALG: ')) as r (place, remedy, named)
    on r.remedy = h.remedy
  group by h.family;
end;

comment on function natsweep.router_hint(text[]) is
  'Where people find what they have to change, for a site with a tag such as router:fritzbox, mikrotik or pfsense; null: the '
  'router is not known.';
grant execute on function natsweep.router_hint(text[]) to natsweep_viewer;

commit;
