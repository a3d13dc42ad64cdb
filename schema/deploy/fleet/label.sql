-- What the name of a customer or a site may be.
begin;
set local role natsweep_owner;

create domain natsweep.label as text
  check (value = btrim(value) and octet_length(value) between 1 and 256 and value !~ '[[:cntrl:]]');

comment on domain natsweep.label is 'A name on one line: 1 to 256 bytes, no blanks at the ends, no control characters.';

commit;
