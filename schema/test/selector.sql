begin;
\ir fixture/fleet.sql

create function pg_temp.sites(selector jsonb) returns text language sql as $$
  select string_agg(s.name, ' ' order by s.name) from natsweep.selected_sites(selector) t join natsweep.site s using (site_id)
$$;
insert into natsweep.site_last (site_id, at, sweep_id, outcome, message, nat_class, pass_count, fail_count, unjudged_count) values
  (:berlin, now() - interval '1 day', 1, array_position(natsweep.outcome_words(), 'supported'), '',
    array_position(natsweep.nat_class_words(), 'full_cone'), 1, 0, 0),
  (:munich, now() - interval '9 days', 2, array_position(natsweep.outcome_words(), 'unsupported'), '',
    array_position(natsweep.nat_class_words(), 'symmetric'), 0, 1, 0);

select is(pg_temp.sites('{"all": true}'), 'berlin bonn munich vienna', 'all');
select is(pg_temp.sites('{"site": "bonn"}'), 'bonn', 'a site');
select is(pg_temp.sites('{"site": ["bonn", "berlin", "atlantis"]}'), 'berlin bonn', 'any of some sites');
select is(pg_temp.sites('{"customer": "Acme"}'), 'berlin munich vienna', 'a customer');
select is(pg_temp.sites('{"tag": "north"}'), 'berlin bonn', 'a tag');
select is(pg_temp.sites('{"tag": ["north", "abroad"]}'), 'berlin bonn vienna', 'any of some tags');
select is(pg_temp.sites('{"tag": "north", "customer": "Acme"}'), 'berlin', 'keys are combined with and');
select is(pg_temp.sites('{"nat_class": ["symmetric", "full_cone"]}'), 'berlin munich', 'NAT classes');
select is(pg_temp.sites('{"outcome": "unsupported"}'), 'munich', 'the last outcome');
select is(pg_temp.sites('{"not_checked_since": "7 days"}'), 'bonn munich vienna', 'an age; never checked is not checked');
select is(pg_temp.sites('{"not_checked_since": "2001-01-01"}'), 'bonn vienna', 'a time');
select is(pg_temp.sites('{"outcome": "failed"}'), 'munich', 'what failed');
select is(pg_temp.sites('{"outcome": "stale"}'), 'bonn munich vienna', 'what is stale');
select is(pg_temp.sites('{"outcome": ["supported", "stale"], "customer": "Acme"}'), 'berlin munich vienna', 'either, and of a customer');
select is(pg_temp.sites('{"all": true, "tag": "south"}'), 'munich vienna', 'all of something');
select is(pg_temp.sites('{"tag": "none"}'), null, 'nothing matches');

create function pg_temp.refused(selector jsonb, state text, sentence text) returns text language sql as $$
  select throws_ok(format('select natsweep.request_sweep(%L::jsonb)', selector), state, sentence, coalesce(selector::text, 'null'))
$$;
select pg_temp.refused(null, '22023', 'selector: say which sites: at least one of all, site, site_id, customer, tag, nat_class, outcome, not_checked_since');
select pg_temp.refused('{}', '22023', 'selector: say which sites: at least one of all, site, site_id, customer, tag, nat_class, outcome, not_checked_since');
select pg_temp.refused('[]', '22023', 'selector: say which sites: at least one of all, site, site_id, customer, tag, nat_class, outcome, not_checked_since');
select pg_temp.refused('{"sites": "berlin"}', '22023', 'selector: unknown key "sites"');
select pg_temp.refused('{"all": false}', '22023', 'selector: "all" can only be true');
select pg_temp.refused('{"site": 5}', '22023', 'selector: "site" must be a text or a list of texts, not 5');
select pg_temp.refused('{"tag": []}', '22023', 'selector: "tag" must be a text or a list of texts, not []');
select pg_temp.refused('{"tag": ["a", 1]}', '22023', 'selector: "tag" must be a text or a list of texts, not ["a", 1]');
select pg_temp.refused('{"nat_class": "conical"}', '22023', 'selector: "conical" is none of the words of "nat_class"');
select pg_temp.refused('{"outcome": ["partial", "great"]}', '22023', 'selector: "great" is none of the words of "outcome"');
select pg_temp.refused('{"not_checked_since": "yore"}', '22023', 'selector: "not_checked_since" must be a time or an age such as "7 days", not "yore"');
select pg_temp.refused('{"not_checked_since": null}', '22023', 'selector: "not_checked_since" must be a time or an age such as "7 days", not "<NULL>"');
select pg_temp.refused('{"not_checked_since": 5}', '22023', 'selector: "not_checked_since" must be a time or an age such as "7 days", not "5"');
select pg_temp.refused('{"not_checked_since": "-7 days"}', '22023', 'selector: "not_checked_since" must be a time or an age such as "7 days", not "-7 days"');
select pg_temp.refused('{"customer": "Gamma"}', 'P0002', 'selector: there is no customer "Gamma"');
select pg_temp.refused('{"tag": "none"}', 'NS001', 'no site matches {"tag": "none"}; nothing was asked');
select pg_temp.refused('{"site": "vienna"}', 'NS001', 'of the 1 sites that match {"site": "vienna"} none has an approved agent; nothing was asked');
select is_empty('select from natsweep.request', 'a refused request leaves nothing');

select results_eq($$select site, has_agent, online from natsweep.preview_sweep('{"customer": "Acme"}')$$,
  $$values ('berlin', true, true), ('munich', true, true), ('vienna', false, false)$$, 'a preview shows whom a request would reach');
select is_empty('select from natsweep.request', 'and asks nobody');
select * from finish();
rollback;
