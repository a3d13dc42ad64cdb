-- What the name of a customer or a site may be.
begin;
set local role natsweep_owner;

create domain natsweep.label as text
  check (value = btrim(value) and octet_length(value) between 1 and 256
    -- Those that break lines or turn the direction of text would let one name look like another.
    and value !~ '[[:cntrl:]\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]');

comment on domain natsweep.label is 'A name on one line: 1 to 256 bytes, no blanks at the ends, no control characters.';

commit;
