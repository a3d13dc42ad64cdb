-- A login role for a person or a program.
begin;
set local role natsweep_owner;

create function natsweep.add_user(role name, password text, customer text, as_role text) returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp
as $$
declare
  known constant text[] := '{viewer,operator,admin,collector}';
begin
  if as_role is null or as_role <> all (known) then
    raise exception 'a user is one of %, not "%"', array_to_string(known, ', '), as_role using errcode = 'invalid_parameter_value';
  end if;
  if customer is null and as_role in ('viewer', 'operator') then
    raise exception 'a user who is % needs a customer', as_role using errcode = 'invalid_parameter_value';
  end if;
  if customer is not null and as_role in ('admin', 'collector') then
    raise exception 'a user who is % sees every customer and takes none', as_role using errcode = 'invalid_parameter_value';
  end if;
  -- A verifier keeps the password itself out of statements and logs.
  if password is not null and password !~ '^SCRAM-SHA-256\$[0-9]+:[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+:[A-Za-z0-9+/=]+$' then
    raise exception 'the password must come as its SCRAM-SHA-256 verifier' using errcode = 'invalid_parameter_value';
  end if;
  if role ~ '^(natsweep|pg)_' or role = '' then
    raise exception 'a user cannot be called "%"; names that begin with natsweep_ or pg_ are reserved', role
      using errcode = 'reserved_name';
  end if;
  if exists (select from pg_roles r where r.rolname = role) then
    if password is not null or not pg_has_role(role, 'natsweep_viewer', 'member') then
      raise exception 'there is a role "%" already', role using errcode = 'duplicate_object';
    end if;
    -- What somebody may do they may do for all their customers.
    if as_role = 'viewer' and pg_has_role(role, 'natsweep_operator', 'member') then
      raise exception 'the user "%" may do more than view, and could for "%", too; make another user', role, customer
        using errcode = 'invalid_parameter_value';
    end if;
    if as_role = 'operator' and not pg_has_role(role, 'natsweep_operator', 'member')
      and exists (
        select from natsweep.customer_member m where m.member = role and m.customer_id <> natsweep.find_customer(customer))
    then
      raise exception 'the user "%" only views other customers, and could then operate for them, too; make another user', role
        using errcode = 'invalid_parameter_value';
    end if;
  else
    execute format('create role %I login password %L', role, password);
    -- Of somebody of that name whose role was dropped.
    delete from natsweep.customer_member m where m.member = role;
  end if;
  execute format('grant %I to %I', 'natsweep_' || as_role, role);
  if customer is not null then
    perform natsweep.grant_customer(role, customer);
  end if;
  perform natsweep.note('add_user', case when customer is not null then array[natsweep.find_customer(customer)] end,
    jsonb_build_object('role', role, 'as', as_role, 'customer', customer));
end
$$;

comment on function natsweep.add_user(name, text, text, text) is
  'Makes a login role that is a viewer or operator of a customer, or an admin or collector of all; an existing user without a new '
  'password gets one customer more. The password comes as a SCRAM-SHA-256 verifier; null: none.';
grant execute on function natsweep.add_user(name, text, text, text) to natsweep_admin;

commit;
