-- A webhook by its names.
begin;
set local role natsweep_owner;

create function natsweep.find_webhook(customer text, name text) returns bigint
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  id bigint;
begin
  select w.webhook_id into id
  from natsweep.webhook w
  where w.customer_id = natsweep.find_customer(customer) and w.name = find_webhook.name;
  if not found then
    raise exception 'the customer "%" has no webhook "%"', customer, name using errcode = 'no_data_found';
  end if;
  return id;
end
$$;

comment on function natsweep.find_webhook(text, text) is 'The webhook of that name; an error when the customer has none.';

commit;
