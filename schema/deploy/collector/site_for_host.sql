-- A site named after a host.
begin;
set local role natsweep_owner;

create function natsweep.site_for_host(customer_id bigint, hostname text) returns bigint
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  -- Cut so that a number still fits: 200 characters of up to four bytes would not, so non-ASCII is replaced, too.
  base constant text := coalesce(nullif(btrim(left(regexp_replace(hostname, '[^ -~]', '?', 'g'), 200)), ''), 'site');
  tried text := base;
  number integer := 1;
  id bigint;
begin
  loop
    insert into natsweep.site (customer_id, name)
    values (site_for_host.customer_id, tried)
    on conflict do nothing
    returning site_id into id;
    if found then
      return id;
    end if;
    number := number + 1;
    tried := base || '-' || number;
  end loop;
end
$$;

comment on function natsweep.site_for_host(bigint, text) is
  'Makes a new site of the customer, named after the host; a number follows when the name is taken.';

commit;
