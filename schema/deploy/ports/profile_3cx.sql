-- The profile of 3CX.
begin;
set local role natsweep_owner;

insert into natsweep.profile (name, title) values ('3cx', '3CX phone system');

insert into natsweep.profile_port (profile, transport, first, last, role, expect, alternative)
select '3cx', array_position(natsweep.transport_words(), p.transport), p.first, p.last,
  array_position(natsweep.role_words(), p.role), array_position(natsweep.expect_words(), p.expect), p.alternative
from (values
  ('udp', 5060, 5060, 'sip', 'open', 0),
  ('udp', 5090, 5090, 'tunnel', 'open', 0),
  ('udp', 9000, 10999, 'rtp', 'open', 0),
  ('tcp', 443, 443, 'https', 'open', 1),
  ('tcp', 5001, 5001, 'https', 'open', 1),
  ('tcp', 5015, 5015, 'setup', 'closed', 0), -- the set-up wizard must not stay reachable
  ('tcp', 5060, 5061, 'sip', 'open', 0),
  ('tcp', 5090, 5090, 'tunnel', 'open', 0)
) as p (transport, first, last, role, expect, alternative);

commit;
