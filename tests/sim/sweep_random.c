/* Random sites, paths and servers: whatever happens, some judgements are never wrong. */
#include "lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* The sanitizers make it twenty times slower; the simulation has one thread and its memory is seen well enough with
 * fewer. */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define SITES 300
#define PLAIN_SITES 50
#else
#define SITES 3000
#define PLAIN_SITES 500
#endif

static unsigned pick(struct chance *chance, unsigned choices)
{
    return (unsigned)(chance_u64(chance) % choices);
}

static bool one_in(struct chance *chance, unsigned times)
{
    return pick(chance, times) == 0;
}

static void random_guard(struct chance *chance, struct sim_router *router)
{
    router->scan_limit = one_in(chance, 4) ? 1 + pick(chance, 4) : 5 + pick(chance, 40);
    router->ban_us = 1000000 + chance_u64(chance) % 60000000;
    router->ban_spares_known = one_in(chance, 2);
    router->banned_before = one_in(chance, 4);
}

static void random_router(struct chance *chance, struct lab *lab)
{
    struct sim_router *router = &lab->router;
    router->mapping = (enum sim_mapping)pick(chance, 4);
    router->filter = (enum sim_filter)(SIM_FILTER_ENDPOINT + pick(chance, 3));
    if (router->mapping == SIM_NO_NAT && one_in(chance, 2))
        router->filter = SIM_FILTER_NONE;
    router->renumbers = router->mapping != SIM_NO_NAT && one_in(chance, 3);
    router->renumbers_back = one_in(chance, 3);
    router->wrong_host = one_in(chance, 8);
    router->blocks_second = one_in(chance, 10);
    router->table_size = one_in(chance, 10) ? 10 + pick(chance, 150) : 0;
    router->forgets_strangers = one_in(chance, 2);
    if (one_in(chance, 12)) /* only the PBX's ports get out */
        router->silenced = (struct sim_range){61000, 65535};
    for (unsigned i = pick(chance, 4); i > 0; i--) {
        uint16_t first = (uint16_t)(9000 + pick(chance, 50));
        lab_forward(lab, first, (uint16_t)(first + pick(chance, 20)));
    }
    if (one_in(chance, 8)) {
        router->block = one_in(chance, 2) ? SIM_DROP : SIM_REJECT;
        router->icmp = (enum sweep_icmp)pick(chance, 3);
        router->blocked = (struct sim_range){9000, (uint16_t)(9000 + pick(chance, 40))};
    }
    if (one_in(chance, 8))
        random_guard(chance, router);
}

static void random_path(struct chance *chance, struct lab *lab)
{
    lab->path.delay_us = pick(chance, 200) * 1000 + 100;
    lab->path.jitter_us = one_in(chance, 2) ? 0 : pick(chance, 100) * 1000;
    lab->path.loss = one_in(chance, 3) ? pick(chance, 25) / 100.0 : 0.0;
    lab->path.duplicate = one_in(chance, 3) ? pick(chance, 30) / 100.0 : 0.0;
    lab->strangers = one_in(chance, 10) ? "everywhere" : NULL;
}

static void random_server(struct chance *chance, struct sim_server *server)
{
    server->no_mapped = one_in(chance, 8);
    server->secure = one_in(chance, 4);
    switch (pick(chance, 24)) {
    case 0: server->other = (enum sim_other)pick(chance, 5); break;
    case 1: server->ignores_change = true; break;
    case 2: server->refuses_port = true; break;
    case 3: server->ignores_port = true; break;
    case 4: server->no_second = true; break;
    case 5: server->dies_us = 1000000 + chance_u64(chance) % 2000000; break;
    case 6: server->second_dies_us = 1000000 + chance_u64(chance) % 2000000; break;
    case 7: server->change_error = one_in(chance, 2) ? 400 : 420; break;
    case 8: server->wrong_source = true; break;
    case 9: server->error = (uint16_t)(400 + pick(chance, 200)); break;
    case 10: server->garbage = true; break;
    case 11: server->absent = true; break;
    case 12: server->rate_pps = 50 + pick(chance, 400); break;
    case 13: server->nonce_life_us = 200000 + chance_u64(chance) % 2000000; break;
    case 14: server->second_ports = 8 + pick(chance, 60); break;
    default: break;
    }
}

static void random_plan(struct chance *chance, struct lab *lab)
{
    static const uint32_t paces[] = {50, 200, 400, 1000, 0};
    lab->plan.seed = chance_u64(chance);
    lab->plan.pace_pps = paces[pick(chance, 5)];
    lab->plan.window = one_in(chance, 4) ? 1 + pick(chance, 20) : 0;
    lab->plan.server_count = 1 + pick(chance, 2);
    lab->plan.patience_us = one_in(chance, 2) ? 30000000 : 0;
    lab->sockets_max = one_in(chance, 8) ? 6 + pick(chance, 20) : 0;
    lab->cancel_at_us = one_in(chance, 10) ? chance_u64(chance) % 3000000 : 0;
    if (lab->cancel_at_us == 0 && one_in(chance, 10))
        lab->plan.deadline_us = 1 + chance_u64(chance) % 3000000;
    if (one_in(chance, 2)) {
        snprintf(lab->plan.user, sizeof(lab->plan.user), SIM_USER);
        snprintf(lab->plan.password, sizeof(lab->plan.password), SIM_PASSWORD);
    }
}

static bool lossless(const struct lab *lab)
{
    for (unsigned i = 0; i < lab->plan.server_count; i++)
        if (lab->servers[i].rate_pps != 0)
            return false;
    return lab->path.loss == 0.0;
}

static bool judged_closed(const struct port_result *result)
{
    return result->verdict == VERDICT_CLOSED || result->verdict == VERDICT_DYNAMIC;
}

/* What a ban that spares the asked leaves then is what a filter that lets in nobody else would: nothing tells them
 * apart, or there was no time for the second look that does. */
static bool looks_closed(const struct lab *lab)
{
    bool cut_short = lab->report->outcome == OUTCOME_CANCELLED || lab->plan.deadline_us != 0;
    return lab->router.ban_spares_known && (lab->strangers_in == 0 || cut_short);
}

static void check_port(const struct lab *lab, const struct port_result *result, uint64_t site)
{
    bool forwarded = sim_forwarded(&lab->router, result->port);
    bool blocked = lab->router.block != SIM_PASS && result->port >= lab->router.blocked.first &&
                   result->port <= lab->router.blocked.last;
    if (result->verdict == VERDICT_PASS && !forwarded)
        fail_msg("site %llu: port %u passes without a forward", (unsigned long long)site, result->port);
    if (lossless(lab) && forwarded && judged_closed(result) && !looks_closed(lab))
        fail_msg("site %llu: port %u is forwarded, but %s", (unsigned long long)site, result->port,
                 verdict_word(result->verdict));
    if (lossless(lab) && !blocked && result->verdict == VERDICT_UNREACHABLE)
        fail_msg("site %llu: port %u is unreachable", (unsigned long long)site, result->port);
    if (result->verdict == 0)
        fail_msg("site %llu: port %u has no verdict", (unsigned long long)site, result->port);
}

static uint64_t from_environment(const char *name, uint64_t otherwise)
{
    const char *value = getenv(name);
    return value == NULL ? otherwise : strtoull(value, NULL, 10);
}

static enum nat_class true_class(const struct sim_router *router)
{
    static const enum nat_class classes[2][4] = {
        {NAT_CLASS_OPEN_INTERNET, NAT_CLASS_OPEN_INTERNET, NAT_CLASS_SYMMETRIC_FIREWALL, NAT_CLASS_SYMMETRIC_FIREWALL},
        {NAT_CLASS_UNKNOWN, NAT_CLASS_FULL_CONE, NAT_CLASS_RESTRICTED_CONE, NAT_CLASS_PORT_RESTRICTED_CONE}};
    return classes[router->mapping][router->filter];
}

static void check_class(const struct lab *lab, uint64_t site)
{
    enum nat_class nat_class = (enum nat_class)lab->report->nat.nat_class;
    if (lab->router.mapping > SIM_ENDPOINT_INDEPENDENT) /* which of its mappings differ is the router's secret */
        return;
    if (lossless(lab) && nat_class != NAT_CLASS_UNKNOWN && nat_class != true_class(&lab->router) && !looks_closed(lab))
        fail_msg("site %llu: class %s, not %s", (unsigned long long)site, nat_class_word(nat_class),
                 nat_class_word(true_class(&lab->router)));
}

static void no_random_site_is_misjudged(void **state)
{
    (void)state;
    uint32_t verdicts[16] = {0};
    uint64_t last = from_environment("LAST_SITE", SITES);
    for (uint64_t site = from_environment("SITE", 1); site <= last; site++) {
        struct chance chance = {site * 7919};
        struct lab lab;
        lab_begin(&lab, "9000-9063/udp");
        random_router(&chance, &lab);
        random_path(&chance, &lab);
        random_server(&chance, &lab.servers[0]);
        random_server(&chance, &lab.servers[1]);
        random_plan(&chance, &lab);
        lab_sweep(&lab);
        for (size_t i = 0; i < lab.report->port_count; i++) {
            check_port(&lab, &lab.report->ports[i], site);
            verdicts[lab.report->ports[i].verdict]++;
        }
        check_class(&lab, site);
        lab_end(&lab);
    }
    /* The sites were not all of one kind. */
    assert_true(verdicts[VERDICT_PASS] > SITES / 3 && verdicts[VERDICT_CLOSED] > SITES / 3 &&
                verdicts[VERDICT_DYNAMIC] > SITES / 3);
    assert_true(verdicts[VERDICT_TRANSLATED] > SITES / 3 && verdicts[VERDICT_UNREACHABLE] > SITES / 30);
    assert_true(verdicts[VERDICT_INCONCLUSIVE] > SITES / 3 && verdicts[VERDICT_NO_SECOND_ADDRESS] > SITES / 3);
}

/* What a site deserves when nothing stands in the way. */
static enum verdict deserved(const struct sim_router *router, const struct port_result *result)
{
    bool told = false;
    for (size_t i = 0; i < ARRAY_LEN(router->forwards); i++)
        told = told || (router->forwards[i].first != 0 && result->port >= router->forwards[i].first &&
                        result->port <= router->forwards[i].last);
    if (router->renumbers && !(router->renumbers_back && told))
        return VERDICT_TRANSLATED;
    if (sim_forwarded(router, result->port))
        return VERDICT_PASS;
    bool open_cone = router->filter == SIM_FILTER_ENDPOINT && router->mapping <= SIM_ENDPOINT_INDEPENDENT;
    return open_cone ? VERDICT_DYNAMIC : VERDICT_CLOSED;
}

static void every_plain_site_gets_what_it_deserves(void **state)
{
    (void)state;
    for (uint64_t site = 1; site <= PLAIN_SITES; site++) {
        struct chance chance = {site * 104729};
        struct lab lab;
        lab_begin(&lab, "9000-9063/udp");
        random_router(&chance, &lab);
        lab.router.block = SIM_PASS;
        lab.router.scan_limit = lab.router.table_size = 0;
        lab.router.blocks_second = lab.router.banned_before = false;
        lab.router.silenced = (struct sim_range){0};
        lab.plan.pace_pps = one_in(&chance, 2) ? 400 : 0;
        lab.path.delay_us = chance_u64(&chance) % 150000 + 100;
        lab.path.jitter_us = chance_u64(&chance) % 20000;
        lab.path.duplicate = 0.1;
        lab_sweep(&lab);
        for (size_t i = 0; i < lab.report->port_count; i++) {
            const struct port_result *result = &lab.report->ports[i];
            if (result->verdict != deserved(&lab.router, result))
                fail_msg("plain site %llu: port %u is %s, not %s", (unsigned long long)site, result->port,
                         verdict_word(result->verdict), verdict_word(deserved(&lab.router, result)));
        }
        lab_end(&lab);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_plain_site_gets_what_it_deserves),
        cmocka_unit_test(no_random_site_is_misjudged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
