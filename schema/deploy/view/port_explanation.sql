-- What a verdict means to the person who has to mend it.
begin;
set local role natsweep_owner;

create function natsweep.port_explanation(transport text, verdict text, reason text, unsolicited boolean) returns text[]
  language sql immutable parallel safe
  return case
    when verdict = 'in_use' then
      array['Another program holds the port.',
        'Let the agent run with CAP_NET_RAW to test it while it is in use, or stop the program.']
    when verdict = 'pass' and transport = 'tcp' then
      array['A connection from outside arrives at this host.', '']
    when verdict = 'pass' and unsolicited then
      array['Reachable from outside at all times, by a static forward or without a NAT; the port stays the same.', '']
    when verdict = 'pass' then
      array['Reachable from outside; the port stays the same.', '']
    when verdict = 'unreachable' and transport = 'tcp' then
      array['The server cannot be reached over TCP.', 'Allow outgoing TCP to the server.']
    when verdict = 'unreachable' and reason = 'admin_prohibited' then
      array['A firewall forbids packets from this port, on the way out or on this host (administratively prohibited).',
        'Allow outgoing UDP from this port.']
    when verdict = 'unreachable' and reason = 'port_unreachable' then
      array['A firewall on the way out rejects packets from this port (ICMP: port unreachable).',
        'Allow outgoing UDP from this port: the server answers others.']
    when verdict = 'unreachable' and reason = 'no_route' then
      array['Packets from this port are turned away as having no route (ICMP: host or network unreachable).',
        'Check this host''s routes, the router''s internet connection, and firewall rules for this port.']
    when verdict = 'unreachable' and unsolicited then
      array['Packets from outside arrive, but those from this port get no answer: they are dropped on the way out.',
        'Allow outgoing UDP from this port, in this host''s firewall, the router and at the provider.']
    when verdict = 'unreachable' then
      array['No answer from the server to packets from this port.',
        'Allow UDP from this port and the answers to it, in this host''s firewall, the router and at the provider.']
    when verdict = 'bad_response' then
      array['The server gave a malformed or an error answer.', 'Use another server.']
    when verdict = 'translated' and unsolicited then
      array['The forward works, but the router changes the source port of outgoing packets.',
        'Turn on static source ports (one-to-one NAT) for this port in the router.']
    when verdict = 'translated' and not unsolicited then
      array['The router changes the source port of outgoing packets, and nothing from outside arrives.',
        'Forward the port to this host and turn on static source ports (one-to-one NAT) for it.']
    when verdict = 'translated' then
      array['The router changes the source port of outgoing packets.',
        'Turn on static source ports (one-to-one NAT) for this port in the router.']
    when verdict = 'no_second_address' and transport = 'tcp' then
      array['The server offers no relay to connect from.', 'Use a TURN server that relays TCP.']
    when verdict = 'no_second_address' then
      array['The server has no second address to answer from, so it cannot tell.',
        'Use a STUN server with two public addresses (RFC 5780).']
    when verdict = 'closed' and transport = 'tcp' then
      array['A connection from outside did not arrive in time.',
        'Forward the port to this host where there is a NAT, and allow it in the router''s and this host''s firewall.']
    when verdict = 'closed' then
      array['Nothing from outside arrives: the port is not forwarded to this host, or a firewall drops what comes in.',
        'Forward the port one-to-one to this host where there is a NAT, and allow it in the router''s and this host''s firewall.']
    when verdict = 'refused' then
      array['Connections to this port are refused: by a firewall, the router, or another host that it is forwarded to.',
        'Forward the port to this host where there is a NAT, check where an existing forward points, '
        'and allow it in the firewalls.']
    when verdict = 'wrong_host' then
      array['Something else takes the connections: another host that the port is forwarded to, or the router itself.',
        'Point the forward at this host''s address, and move a service of the router''s own to another port.']
    when verdict = 'dynamic' then
      array['Open only while the port''s own traffic keeps a mapping alive: there is no static forward.',
        'Forward the port one-to-one to this host.']
    when verdict = 'inconclusive' and reason = 'scan_protection' then
      array['The firewall''s port-scan protection set in before this port.',
        'Exempt the server''s addresses from scan protection, or sweep at a slower pace.']
    when verdict = 'inconclusive' and reason = 'table_full' then
      array['The router''s connection table is full.', 'Sweep fewer ports or slower, or enlarge the router''s table.']
    when verdict = 'inconclusive' and reason = 'server_fault' then
      array['The server stopped doing its part.', 'Try again, or use another server.']
    when verdict = 'inconclusive' and reason = 'loss' then
      array['Too many packets are lost to tell closed from lost.', 'Mend the connection, or try again when it is less busy.']
    when verdict = 'inconclusive' and reason = 'mapping_alive' then
      array['An earlier packet from this port may have left a mapping in the router, which looks like a forward.',
        'Test again after the port was silent for five minutes.']
    when verdict = 'inconclusive' and reason = 'local_error' then
      array['This host could not send from the port.', 'Look at this host''s firewall.']
    when verdict = 'inconclusive' then
      array['What was seen does not allow a judgement.', 'Try again.']
    when verdict = 'not_tested' and reason = 'cancelled' then
      array['Cancelled before this port was tested.', '']
    when verdict = 'not_tested' and reason = 'no_turn_credentials' then
      array['TCP is tested through a TURN server, and there are no credentials for one.',
        'Sweep against a vantage that has a TURN secret.']
    when verdict = 'not_tested' and reason = 'interrupted' then
      array['The agent died before this port was tested.', 'Test again.']
    when verdict = 'not_tested' then
      array['The sweep ended before this port was tested.', '']
  end;

comment on function natsweep.port_explanation(text, text, text, boolean) is
  'Cause and cure of a verdict, in the words of the agent''s own report.';
grant execute on function natsweep.port_explanation(text, text, text, boolean) to natsweep_viewer;

commit;
