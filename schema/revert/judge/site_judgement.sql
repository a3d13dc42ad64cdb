begin;

drop table natsweep.site_judgement;

commit;
