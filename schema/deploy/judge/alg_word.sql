-- What rewrites payloads, in a word.
begin;
set local role natsweep_owner;

create function natsweep.alg_word(sip_alg boolean, generic_alg boolean) returns text
  language sql immutable parallel safe
  return case
    when sip_alg then 'sip'
    when generic_alg then 'generic'
    when coalesce(sip_alg, generic_alg) is not null then 'none'
  end;

comment on function natsweep.alg_word(boolean, boolean) is 'sip, generic or none; null: not tested.';
grant execute on function natsweep.alg_word(boolean, boolean) to natsweep_viewer;

commit;
