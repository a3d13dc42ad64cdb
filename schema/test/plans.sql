-- What is claimed and stored looks at a few rows for each sweep, whatever the planner believes is queued.
begin;
\ir fixture/fleet.sql
\ir fixture/report.sql
insert into natsweep.site (customer_id, name) select :acme, 'site-' || n from generate_series(1, 300) n;
insert into natsweep.agent (site_id, public_key, state, token_id, hostname)
select s.site_id, sha256(s.name::text::bytea), 'active', (select min(t.token_id) from natsweep.enroll_token t), s.name
from natsweep.site s
where s.name like 'site-%';
select array_agg(agent_id) as agents from natsweep.agent where agent_id not in (:berlin_agent, :munich_agent, :bonn_agent) \gset

create function pg_temp.rows_read() returns bigint language sql volatile
  return (select seq_tup_read + idx_tup_fetch from pg_stat_xact_user_tables where relid = 'natsweep.sweep'::regclass);

-- What claims read of the queue, each for at most 100 of these agents, until none is left.
create function pg_temp.cost(collector bigint, agents bigint[]) returns bigint language plpgsql as $$
declare
  before constant bigint := pg_temp.rows_read();
  part bigint;
begin
  loop
    select count(*) into part from natsweep.claim_sweeps(collector, agents, 100);
    exit when part = 0;
  end loop;
  return pg_temp.rows_read() - before;
end
$$;

-- Six claims of an empty queue: the plans made for it stay.
analyze natsweep.sweep;
select count(pg_temp.cost(:one, :'agents')) from generate_series(1, 6) \g /dev/null
select natsweep.request_sweep('{"all": true}', '5060/udp') \g /dev/null
select cmp_ok(pg_temp.cost(:one, :'agents'), '<', 300 * 40::bigint, 'by plans made when there had never been a sweep');
select is((select count(*) from natsweep.sweep where state = 'sent'), 300::bigint, 'all were claimed');

select count(*) from natsweep.sweep_step_all(array(select sweep_id from natsweep.sweep), 'cancelled') \g /dev/null
analyze natsweep.sweep;
select natsweep.request_sweep('{"all": true}', '5060/udp') \g /dev/null
select cmp_ok(pg_temp.cost(:one, :'agents'), '<', 300 * 40::bigint, 'by statistics of an idle queue');
select count(*) from natsweep.sweep_step_all(array(select sweep_id from natsweep.sweep), 'cancelled') \g /dev/null
select natsweep.request_sweep('{"all": true}', '5060/udp') \g /dev/null
analyze natsweep.sweep;
select cmp_ok(pg_temp.cost(:one, :'agents'), '<', 300 * 40::bigint, 'by statistics of a full one');

-- Reports of a request with alternatives, without any statistics.
delete from natsweep.sweep;
delete from pg_statistic where starelid = 'natsweep.sweep'::regclass;
update pg_class set reltuples = -1, relpages = 0 where oid = 'natsweep.sweep'::regclass;
select natsweep.request_sweep('{"all": true}') as request \gset
select count(*) from natsweep.claim_sweeps(:one, :'agents', 1000) \g /dev/null
select pg_temp.rows_read() as before \gset
select is((
  select count(*) filter (where s.status = 'stored')
  from natsweep.store_reports(
    array(select pg_temp.report(w.sweep_id::integer, w.site_id, w.sweep_id) from natsweep.sweep w where w.request_id = :request and w.state = 'sent'),
    array(select pg_temp.part(w.sweep_id::integer, 0, 'pass', '{[5060,5061)}', true) from natsweep.sweep w where w.request_id = :request)
      || array(select (w.sweep_id, 1, 2, 2, null, true, true, false, false, true, true, '{[443,444),[5001,5002)}')::natsweep.part_in
        from natsweep.sweep w where w.request_id = :request), '{}') s),
  300::bigint, 'all are stored');
select cmp_ok(pg_temp.rows_read() - :before, '<', 300 * 40::bigint, 'each at its own cost');
select * from finish();
rollback;
