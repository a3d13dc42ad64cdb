-- A webhook no more.
begin;
set local role natsweep_owner;

create function natsweep.remove_webhook(customer text, name text) returns bigint
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  id constant bigint := natsweep.find_webhook(customer, name);
  waiting constant bigint := (select count(*) from natsweep.webhook_delivery d where d.webhook_id = id and d.state = 'waiting');
begin
  perform natsweep.note('remove_webhook', array(select w.customer_id from natsweep.webhook w where w.webhook_id = id),
    jsonb_build_object('name', name, 'waiting', waiting));
  delete from natsweep.webhook w where w.webhook_id = id;
  return waiting;
end
$$;

comment on function natsweep.remove_webhook(text, text) is 'Removes a webhook with what waits for it; returns how many events did.';
grant execute on function natsweep.remove_webhook(text, text) to natsweep_admin;

commit;
