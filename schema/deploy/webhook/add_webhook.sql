-- A new webhook.
begin;
set local role natsweep_owner;

create function natsweep.add_webhook(customer text, name text, url text, secret bytea, hold interval default '2 min',
    private_allowed boolean default false)
  returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  customer_id constant bigint := natsweep.find_customer(customer);
  id bigint;
begin
  perform natsweep.check_label('webhook', name);
  if url is null or url !~ '^https://[^/?#@[:space:][:cntrl:]]+([/?][^#[:space:][:cntrl:]]*)?$' or octet_length(url) > 2048 then
    raise exception 'a webhook is an address such as https://host.example/path: encrypted, without a name and password in it'
      using errcode = 'invalid_parameter_value';
  end if;
  if secret is null or octet_length(secret) not between 16 and 256 then
    raise exception 'the secret must have 16 to 256 bytes' using errcode = 'invalid_parameter_value';
  end if;
  if hold is null or hold not between interval '0' and interval '1 day' then
    raise exception 'changes can be held for up to a day, not "%"', hold using errcode = 'invalid_parameter_value';
  end if;
  insert into natsweep.webhook (customer_id, name, url, secret, hold, private_allowed)
  values (customer_id, add_webhook.name, add_webhook.url, add_webhook.secret, add_webhook.hold, add_webhook.private_allowed)
  returning webhook_id into id;
  perform natsweep.note('add_webhook', array[customer_id], jsonb_build_object('name', name, 'private_allowed', private_allowed));
  return id;
exception when unique_violation then
  raise exception 'the customer "%" has a webhook "%" already', customer, name using errcode = 'unique_violation';
end
$$;

comment on function natsweep.add_webhook(text, text, text, bytea, interval, boolean) is
  'Sends the changes of a customer''s sites from now on to an https address, signed with a secret.';
grant execute on function natsweep.add_webhook(text, text, text, bytea, interval, boolean) to natsweep_admin;

commit;
