begin;

delete from natsweep.fact_table where name = 'port_evidence';
drop table natsweep.port_evidence;

commit;
