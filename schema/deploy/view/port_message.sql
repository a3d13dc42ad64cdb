-- The sentence beside a verdict.
begin;
set local role natsweep_owner;

create function natsweep.port_message(transport text, verdict text, reason text, unsolicited boolean, expect text,
    spared boolean default false)
  returns text
  language sql immutable parallel safe
  return case
    when spared then
      (natsweep.port_explanation(transport, verdict, reason, unsolicited))[1]
        || ' It is not needed: a port that stands in for it works.'
    when expect = 'closed' and verdict = 'pass' then
      (natsweep.port_explanation(transport, verdict, reason, unsolicited))[1] || ' It should be closed: remove the forward.'
    when expect = 'closed' and natsweep.as_expected(verdict, expect, unsolicited) then
      (natsweep.port_explanation(transport, verdict, reason, unsolicited))[1]
    else rtrim(array_to_string(natsweep.port_explanation(transport, verdict, reason, unsolicited), ' '))
  end;

comment on function natsweep.port_message(text, text, text, boolean, text, boolean) is
  'Cause and cure of a verdict in a line; no cure for a port that is closed as hoped, or that an alternative stands in for.';
grant execute on function natsweep.port_message(text, text, text, boolean, text, boolean) to natsweep_viewer;

commit;
