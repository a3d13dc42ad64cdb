/* The plan's servers and how each has done, so that the best is used: one whose second address is proven, else one that
 * answers. A server is shunned when ports under test have sent to its second address, or have been answered from its
 * first. */
#ifndef SWEEP_CANDIDATES_H
#define SWEEP_CANDIDATES_H

#include "base/address.h"
#include "sweep/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CANDIDATE_NONE SIZE_MAX

enum rank { RANK_UNTRIED, RANK_FAILED, RANK_BAD, RANK_NO_SECOND, RANK_UNPROVEN, RANK_GOOD };

struct candidates {
    const struct plan *plan;
    enum rank ranks[PLAN_SERVERS_MAX];
    struct address used_first[PLAN_SERVERS_MAX], used_second[PLAN_SERVERS_MAX]; /* by ports under test */
};

struct candidates candidates_make(const struct plan *plan);
void candidates_rank(struct candidates *candidates, size_t server, enum rank rank);

/* Which to go on with: an untried one; else the best of those that answered; CANDIDATE_NONE when all failed. */
size_t candidates_next(const struct candidates *candidates);

/* Ports under test now send to `server` and hear from `other` (family 0 = none). */
void candidates_use(struct candidates *candidates, size_t server, const struct address *other);
/* Whether ports may be tested with it, given the others that were used. */
bool candidates_clean(const struct candidates *candidates, size_t server, const struct address *other);

#endif
