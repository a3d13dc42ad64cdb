begin;

drop type natsweep.evidence_in;

commit;
