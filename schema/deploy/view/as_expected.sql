-- Whether a verdict is what was hoped for.
begin;
set local role natsweep_owner;

create function natsweep.as_expected(verdict text, expect text, unsolicited boolean) returns boolean
  language sql immutable parallel safe
  return case
    when verdict in ('in_use', 'no_second_address', 'inconclusive', 'not_tested') then null
    when expect = 'closed' then verdict <> 'pass' and unsolicited is not true
    else verdict = 'pass'
  end;

comment on function natsweep.as_expected(text, text, boolean) is
  'Whether a port is as the plan hoped: open ones pass; closed ones cannot be reached from outside. Null when the port was not '
  'judged. The same as port_result_as_expected() of the programs.';
grant execute on function natsweep.as_expected(text, text, boolean) to natsweep_viewer;

commit;
