begin;

drop function natsweep.revoke_token;

commit;
