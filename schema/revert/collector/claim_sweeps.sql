begin;

drop function natsweep.claim_sweeps;

commit;
