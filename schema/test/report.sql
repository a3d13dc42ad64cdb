-- What a customer's report asks for beside the views.
begin;
\ir fixture/fleet.sql
select is(left(natsweep.router_hint(tags), 8), hint, tags::text)
  from (values ('{north,router:fritzbox-7590}'::text[], 'FRITZ!Bo'), ('{MikroTik}', 'MikroTik'), ('{router=pfsense}', 'pfSense:'), ('{opnsense,pfsense}', 'OPNsense'),
    ('{edgerouter}', 'EdgeRout'), ('{ciscotel}', null), ('{north}', null), ('{}', null), (null, null)) as v (tags, hint);
select is(natsweep.router_hint('{draytek}'),
  'DrayTek: NAT > Open Ports, which takes ranges, rather than Port Redirection. SIP ALG: NAT > ALG: SIP off.', 'what a router has, in order');
select is_empty($$select family from natsweep.remedy_hints() group by family, remedy having count(*) > 1$$, 'one hint for each');
select is(pg_temp.as_role('olga', $$select natsweep.note_report('Acme')$$), null, 'the first report has none before it');
select is(pg_temp.as_role('olga', $$select natsweep.note_report('Acme') = now()$$), 'true', 'the second has');
select is(pg_temp.as_role('boris', $$select natsweep.note_report('Beta')$$), null, 'each customer has their own');
select is(pg_temp.as_role('boris', $$select natsweep.note_report('Acme')$$), 'P0002 there is no customer "Acme"', 'and nobody another''s');
update natsweep.audit set at = at - interval '1 hour' where what = 'report';
select is(pg_temp.as_role('vera', $$select natsweep.note_report('Acme') = now() - interval '1 hour'$$), 'true', 'a viewer hears of it');
select is(pg_temp.as_role('olga', $$select natsweep.note_report('Acme') = now() - interval '1 hour'$$), 'true', 'but a viewer''s are not counted');
select * from finish();
rollback;
