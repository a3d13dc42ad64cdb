#include "cli/selector.h"

#include "cli/complain.h"
#include "cli/sql_array.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

void selector_flags(struct selector *selector, struct flag flags[SELECTOR_FLAG_COUNT])
{
    const struct flag rows[SELECTOR_FLAG_COUNT] = {
        {"--all", FLAG_SWITCH, &selector->all, NULL, "every site"},
        {"--site", FLAG_LIST, &selector->sites, "NAME", "sites of this name (may repeat)"},
        {"--customer", FLAG_LIST, &selector->customers, "NAME", "sites of this customer (may repeat)"},
        {"--tag", FLAG_LIST, &selector->tags, "TAG", "sites with this tag, such as berlin or isp=acme (may repeat)"},
        {"--nat-class", FLAG_LIST, &selector->nat_classes, "CLASS",
         "sites last seen behind this NAT class (may repeat)"},
        {"--outcome", FLAG_LIST, &selector->outcomes, "OUTCOME",
         "sites whose last sweep ended so, or failed (not supported), or stale (may repeat)"},
        {"--not-checked-since", FLAG_TEXT, &selector->not_checked_since, "T",
         "sites without a sweep since a time or an age: 2026-01-31, '7 days'"},
    };
    memcpy(flags, rows, sizeof rows);
}

static bool narrowed(const struct selector *selector)
{
    return selector->sites.count + selector->customers.count + selector->tags.count + selector->nat_classes.count +
                   selector->outcomes.count >
               0 ||
           selector->not_checked_since != NULL;
}

bool selector_empty(const struct selector *selector)
{
    return !selector->all && !narrowed(selector);
}

int selector_check(const struct selector *selector)
{
    if (selector_empty(selector))
        return complain(
            EX_USAGE,
            "say which sites: --site, --customer, --tag, --nat-class, --outcome, --not-checked-since or --all");
    if (selector->all && narrowed(selector))
        return complain(EX_USAGE, "--all means every site; leave it out when other flags narrow the choice");
    return 0;
}

static const char *array_or_null(const struct words *words)
{
    return words->count > 0 ? sql_array(words) : NULL;
}

void selector_parameters(const struct selector *selector, struct sql_parameters *parameters)
{
    *parameters = (struct sql_parameters){
        .count = SELECTOR_FLAG_COUNT,
        .values = {selector->all ? "true" : NULL, array_or_null(&selector->sites), array_or_null(&selector->customers),
                   array_or_null(&selector->tags), array_or_null(&selector->nat_classes),
                   array_or_null(&selector->outcomes), selector->not_checked_since}};
}

void selector_free_parameters(struct sql_parameters *parameters)
{
    for (size_t i = 1; i <= 5; i++)
        free((void *)parameters->values[i]);
}
