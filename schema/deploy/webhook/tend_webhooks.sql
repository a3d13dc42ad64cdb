-- What happens to webhooks by the clock.
begin;
set local role natsweep_owner;

create function natsweep.tend_webhooks() returns integer
  language plpgsql set search_path = pg_catalog, pg_temp
as $$
declare
  over constant interval := '1 hour'; -- without a sweep that misses the server it is back, or nobody asks it
  memory constant interval := '30 days'; -- longer than changes are news
  changed integer;
  forgotten integer;
begin
  if not exists (select from natsweep.webhook) then
    return 0;
  end if;
  changed := natsweep.queue_outages(now() - over);
  changed := changed + natsweep.queue_recoveries(now() - over);
  changed := changed + natsweep.give_up_deliveries();
  delete from natsweep.webhook_delivery d where d.ended_at < now() - memory;
  get diagnostics forgotten = row_count;
  return changed + forgotten;
end
$$;

comment on function natsweep.tend_webhooks() is
  'Tells of outages of servers and of what is over, gives up events that nobody takes, and forgets those that ended a month ago. '
  'Returns how much changed.';

commit;
