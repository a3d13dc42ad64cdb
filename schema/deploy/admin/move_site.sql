-- Gives a site to another customer.
begin;
set local role natsweep_owner;

create function natsweep.move_site(customer text, site text, new_customer text) returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  id constant bigint := natsweep.find_site(customer, site);
  old_id constant bigint := natsweep.find_customer(customer);
  new_id constant bigint := natsweep.find_customer(new_customer);
  cancelled integer;
begin
  if old_id = new_id then
    raise exception 'the site "%" is the customer''s "%" already', site, customer using errcode = 'invalid_parameter_value';
  end if;
  perform from natsweep.site s where s.site_id = id for update;
  cancelled := natsweep.cancel_site(id, format('the site was given to another customer by %s', session_user));
  update natsweep.site s set customer_id = new_id where s.site_id = id;
  -- Whoever holds a token of the old customer's must not join the new one's site.
  update natsweep.enroll_token t set uses_left = 0 where t.site_id = id;
  -- Past days follow the site, and the judgement whose neighbours share its address is another one.
  insert into natsweep.day_due (customer_id, day)
  select c, d.day from natsweep.site_day d cross join unnest(array[old_id, new_id]) as c where d.site_id = id
  on conflict do nothing;
  insert into natsweep.judge_due (site_id, at) values (id, now());
  perform natsweep.note('move_site', array[old_id, new_id],
    jsonb_build_object('site', site, 'site_id', id, 'from', customer, 'to', new_customer, 'cancelled', cancelled));
  notify natsweep_agent;
  notify natsweep_work;
  return cancelled;
exception
  when unique_violation then
    raise exception 'the customer "%" has a site "%" already', new_customer, site using errcode = 'unique_violation';
end
$$;

comment on function natsweep.move_site(text, text, text) is
  'Gives a site with its agents and its history to another customer, by somebody who may see both; returns how many sweeps under '
  'way were cancelled. Tokens of the site can no longer be used.';
grant execute on function natsweep.move_site(text, text, text) to natsweep_operator;

commit;
