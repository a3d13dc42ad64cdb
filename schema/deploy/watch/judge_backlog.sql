-- How far judgement lags behind.
begin;
set local role natsweep_owner;

create function natsweep.judge_backlog() returns bigint
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return case when natsweep.sees_all() then (select count(*) from natsweep.judge_due) end;
end
$$;

comment on function natsweep.judge_backlog() is
  'Reports that are stored and not yet judged; null for who is confined to customers.';
grant execute on function natsweep.judge_backlog() to natsweep_viewer;

commit;
