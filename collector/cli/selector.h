/* Which sites a command is about, as flags; SQL makes the jsonb selector of natsweep.request_sweep() of it. */
#ifndef CLI_SELECTOR_H
#define CLI_SELECTOR_H

#include "base/attributes.h"
#include "cli/database.h"
#include "cli/flags.h"

#include <stdbool.h>

#define SELECTOR_FLAG_COUNT 7

/* Values of one flag are alternatives; different flags must all hold. */
struct selector {
    bool all;
    struct words sites, customers, tags, nat_classes, outcomes;
    const char *not_checked_since; /* a time, or an age such as "7 days" */
};

/* The rows of the command line that fill `selector`. */
void selector_flags(struct selector *selector, struct flag flags[SELECTOR_FLAG_COUNT]);

/* True when no flag was given. */
bool selector_empty(const struct selector *selector);

/* Returns 0, or EX_USAGE after a sentence: a sweep must say of what, and --all cannot be narrowed. */
int selector_check(const struct selector *selector) MUST_CHECK;

/* The parameters $1 to $7 that SELECTOR_SQL reads; release them with selector_free_parameters. */
/* clang-format off */
#define SELECTOR_SQL                                                                                                   \
    "jsonb_strip_nulls(jsonb_build_object("                                                                            \
    "'all', $1::boolean, 'site', to_jsonb($2::text[]), 'customer', to_jsonb($3::text[]), 'tag', to_jsonb($4::text[]),"  \
    " 'nat_class', to_jsonb($5::text[]), 'outcome', to_jsonb($6::text[]), 'not_checked_since', $7::text))"
/* clang-format on */
void selector_parameters(const struct selector *selector, struct sql_parameters *parameters);
void selector_free_parameters(struct sql_parameters *parameters);

#endif
