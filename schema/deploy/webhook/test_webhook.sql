-- An event to try a webhook with.
begin;
set local role natsweep_owner;

create function natsweep.test_webhook(customer text, name text) returns uuid
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  id constant bigint := natsweep.find_webhook(customer, name);
  delivery uuid;
begin
  -- A person waits for the answer, so the back-off does not count.
  update natsweep.webhook w set next_at = now() where w.webhook_id = id;
  insert into natsweep.webhook_delivery (webhook_id, customer_id, event, subject, detail, next_at)
  select w.webhook_id, w.customer_id, 'test', gen_random_uuid()::text, jsonb_build_object('asked_by', session_user), now()
  from natsweep.webhook w
  where w.webhook_id = id
  returning delivery_id into delivery;
  perform natsweep.note('test_webhook', array[natsweep.find_customer(customer)], jsonb_build_object('webhook', name));
  return delivery;
end
$$;

comment on function natsweep.test_webhook(text, text) is 'Sends an event of no meaning; webhook_delivery tells what came of it.';
grant execute on function natsweep.test_webhook(text, text) to natsweep_admin;

commit;
