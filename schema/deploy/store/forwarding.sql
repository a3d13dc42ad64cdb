-- How complete a site's forwarding is.
begin;
set local role natsweep_owner;

create function natsweep.forwarding(forwarded bigint, unforwarded bigint) returns smallint
  language sql immutable parallel safe
  return array_position(natsweep.forwarding_words(), case
    when forwarded > 0 and unforwarded > 0 then 'partial'
    when forwarded > 0 then 'complete'
    when unforwarded > 0 then 'none'
  end)::smallint;

comment on function natsweep.forwarding(bigint, bigint) is
  'Number of the degree of forwarding of a site with so many ports reached from outside and so many not; null when there are none '
  'of either.';

commit;
