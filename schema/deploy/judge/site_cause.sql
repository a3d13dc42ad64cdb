-- The likely cause of a site's trouble.
begin;
set local role natsweep_owner;

create function natsweep.site_cause(outcome text, nat_class text, forwarding text, alg text, double_nat boolean,
    shared_address boolean, message text, port_cause text[])
  returns text[]
  language sql immutable parallel safe
  return case
    when outcome = 'not_run' and nat_class is distinct from 'udp_blocked' then
      array[message, 'Check that the server runs, that its name resolves and that this site may reach it.']
    when nat_class = 'udp_blocked' then
      array['No UDP at all gets out of this site.', 'Allow outgoing UDP in the firewall, or ask the provider.']
    -- What a connection proved explains the silence of the other ports.
    when port_cause = natsweep.port_explanation('tcp', 'wrong_host', null, null) then port_cause
    when forwarding = 'none' and shared_address then
      array['Sites of other customers have the same public address: '
        'the provider translates addresses (CGNAT), so no forward of the router''s own can work.',
        'Order a public address for this site, or connect it through a tunnel.']
    when forwarding = 'none' and double_nat then
      array['There are two NATs in a row, and nothing gets through both.',
        'Put the provider''s router into bridge mode, or forward the ports in both.']
    when forwarding = 'none' and nat_class = 'symmetric' then
      array['The NAT is symmetric and nothing is forwarded.', 'Forward the ports one-to-one to the PBX, with static source ports.']
    when forwarding = 'none' and outcome <> 'supported' then
      array['Nothing is forwarded to the PBX.',
        'Forward the ports one-to-one to the PBX, and check that the rule points at this host.']
    when outcome <> 'supported' and port_cause is not null then port_cause
    when alg = 'sip' then
      array['A SIP ALG rewrites messages on the way.', 'Turn SIP ALG off in the router; look again after it was updated or reset.']
    when alg = 'generic' then
      array['Something rewrites addresses in payloads on the way.', 'Turn off application helpers (ALG) in the router.']
    when outcome <> 'supported' then array[message, '']
  end;

comment on function natsweep.site_cause(text, text, text, text, boolean, boolean, text, text[]) is
  'Likely cause and cure of a site''s trouble, the one that explains most first; port_cause is that of most of its failing ports. '
  'Null: all is well.';
grant execute on function natsweep.site_cause(text, text, text, text, boolean, boolean, text, text[]) to natsweep_viewer;

commit;
