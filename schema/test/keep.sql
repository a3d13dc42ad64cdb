-- What is old is forgotten, what is young is kept, and nobody waits for it.
begin;
\ir fixture/fleet.sql
select natsweep.request_sweep('{"all": true}', '5060/udp') as old \gset
select natsweep.request_sweep('{"all": true}', '5060/udp') as open \gset
select natsweep.request_sweep('{"all": true}', '5060/udp') as young \gset
select natsweep.cancel_request(r) from unnest(array[:old, :young]) r \g /dev/null
update natsweep.request set expires_at = now() - interval '2 years' where request_id in (:old, :open);
insert into natsweep.change select :berlin, now() - y * interval '1 year', 1, 'outcome', 'supported', 'partial' from unnest('{4,6,7}'::integer[]) y;
insert into natsweep.site_day select :berlin, current_date - y * 365, now(), 1, 1, 2, 4, 1, 1, 1, 0 from unnest('{4,6}'::integer[]) y;
insert into natsweep.customer_day select :acme, current_date - 20 * 365, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0;
update natsweep.audit set at = now() - interval '6 years' where audit_id = (select min(audit_id) from natsweep.audit);

select is((select count(*) from natsweep.retention r where not exists (
    select from pg_attribute a where a.attrelid = format('natsweep.%I', r.name)::regclass and a.attname = r.stamp)), 0::bigint, 'each table has the column that counts');
select is(natsweep.forget(1), 4, 'a little at a time: a change, a day, an entry and a sweep');
select is((select count(*) from natsweep.request where request_id = :old), 1::bigint, 'a request stays as long as its sweeps');
select is(natsweep.forget(100), 3, 'then the rest');
select is(natsweep.forget(100), 0, 'and nothing twice');
select set_eq('select request_id from natsweep.request', array[:open, :young]::bigint[], 'a request that has not ended is kept, and so is one that is young');
select is((select count(*) from natsweep.sweep where request_id in (:open, :young)), 6::bigint, 'with their sweeps');
select is((select array[(select count(*) from natsweep.change), (select count(*) from natsweep.site_day), (select count(*) from natsweep.customer_day)]),
  '{1,1,1}', 'what is younger, or kept for ever, stays');

select is(pg_temp.as_role('adam', $$select natsweep.set_retention('change', '1 year')$$), '', 'an administrator says how long');
select is(natsweep.forget(100), 1, 'and it is so');
select is(pg_temp.as_role('adam', $$select natsweep.set_retention('port_evidence', '90 days')$$), '', 'of facts, too');
select is((select keep from natsweep.storage where "table" = 'port_evidence'), interval '90 days', 'as storage tells');
select is((select keep from natsweep.storage where "table" = 'change'), interval '1 year', 'of every table');
select is(pg_temp.as_role('adam', $$select natsweep.set_retention('change', '1 day')$$), '22023 rows are kept for 14 days to 100 years or for ever, not for "1 day"', 'not too short');
select is(pg_temp.as_role('adam', $$select natsweep.set_retention('site', '1 year')$$), 'P0002 the table "site" is not kept for a time of its own', 'not of everything');
select is(pg_temp.as_role('olga', $$select natsweep.set_retention('change', '1 year')$$), '42501 permission denied for function set_retention', 'and nobody else');
select is(natsweep.tick() >= 0, true, 'the tick forgets');
select * from finish();
rollback;
