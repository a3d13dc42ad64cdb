begin;
select no_plan();

create function pg_temp.ports(list text) returns text language sql as $$
  select string_agg(format('%s-%s/%s %s %s %s', p.first, p.last, (natsweep.transport_words())[p.transport],
    (natsweep.role_words())[p.role], (natsweep.expect_words())[p.expect], p.alternative), ', ' order by p.ordinality)
  from natsweep.parse_ports(list) with ordinality as p (transport, first, last, role, expect, alternative, ordinality)
$$;

select is(pg_temp.ports('5060/udp'), '5060-5060/udp other open 0', 'one port');
select is(pg_temp.ports('1-65535/tcp'), '1-65535/tcp other open 0', 'every port');
select is(pg_temp.ports('9000-9001/udp, 5060/tcp,443/tcp'),
  '9000-9001/udp other open 0, 443-443/tcp other open 0, 5060-5060/tcp other open 0', 'ranges ascend by transport, then port');
select is(pg_temp.ports('10-20/udp,15-30/udp,31/udp,40/udp'), '10-31/udp other open 0, 40-40/udp other open 0',
  'overlaps and neighbours are one range');
select is(pg_temp.ports('@3cx'),
  '5060-5060/udp sip open 0, 5090-5090/udp tunnel open 0, 9000-10999/udp rtp open 0, 443-443/tcp https open 1, '
  '5001-5001/tcp https open 1, 5015-5015/tcp setup closed 0, 5060-5061/tcp sip open 0, 5090-5090/tcp tunnel open 0',
  'the profile of 3CX');
select is(pg_temp.ports('5059-5061/udp,@3cx') , pg_temp.ports('@3cx,5059-5061/udp'), 'a profile decides the role, wherever it stands');
select matches(pg_temp.ports('5059-5061/udp,@3cx'), '^5059-5059/udp other open 0, 5060-5060/udp sip open 0, 5061-5061/udp other open 0,',
  'and splits a range that holds its port');

create function pg_temp.refused(list text, sentence text) returns text language sql as $$
  select throws_ok(format('select natsweep.parse_ports(%L)', list), '22023', sentence, coalesce(list, 'null'))
$$;
select pg_temp.refused('', 'port list: it is empty');
select pg_temp.refused('  ', 'port list: it is empty');
select pg_temp.refused(null, 'port list: it is empty');
select pg_temp.refused('5060', 'port list: "5060" is not a port, a range or a profile');
select pg_temp.refused('5060/udp,', 'port list: "" is not a port, a range or a profile');
select pg_temp.refused('5060/udp,sip/udp', 'port list: "sip/udp" is not a port, a range or a profile');
select pg_temp.refused('5060/sctp', 'port list: "5060/sctp" is not a port, a range or a profile');
select pg_temp.refused('5060-/udp', 'port list: "5060-/udp" is not a port, a range or a profile');
select pg_temp.refused('-1/udp', 'port list: "-1/udp" is not a port, a range or a profile');
select pg_temp.refused('0/udp', 'port list: "0/udp" is out of range; ports are 1 to 65535');
select pg_temp.refused('5060/udp,65536/udp', 'port list: "65536/udp" is out of range; ports are 1 to 65535');
select pg_temp.refused('1-99999/udp', 'port list: "1-99999/udp" is out of range; ports are 1 to 65535');
select pg_temp.refused('20-10/tcp', 'port list: "20-10/tcp" ends before it begins');
select pg_temp.refused('@4cx', 'port list: there is no profile "@4cx"');
select pg_temp.refused('@', 'port list: there is no profile "@"');
select lives_ok($$select natsweep.parse_ports((select string_agg(2 * n || '/udp', ',') from generate_series(1, 1024) n))$$, '1024 ranges are allowed');
select throws_ok($$select natsweep.parse_ports((select string_agg(2 * n || '/udp', ',') from generate_series(1, 1020) n) || ',@3cx')$$, '22023',
  'port list: it has 1028 ranges; 1024 are allowed', '1028 are not');
select pg_temp.refused(repeat('5060/udp,', 1024) || '5060/udp', 'port list: it has 1025 parts; 1024 are allowed');
select pg_temp.refused('1-1000000/udp', 'port list: "1-1000000/udp" is out of range; ports are 1 to 65535');
select pg_temp.refused('9999999999/udp', 'port list: "9999999999/udp" is not a port, a range or a profile');
select pg_temp.refused(repeat('x', 1000000), format('port list: "%s..." is not a port, a range or a profile', repeat('x', 37)));
select pg_temp.refused('@' || repeat('x', 1000000), format('port list: there is no profile "@%s..."', repeat('x', 36)));
select * from finish();
rollback;
