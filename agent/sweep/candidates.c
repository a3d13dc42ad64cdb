#include "sweep/candidates.h"

struct candidates candidates_make(const struct plan *plan)
{
    return (struct candidates){.plan = plan};
}

void candidates_rank(struct candidates *candidates, size_t server, enum rank rank)
{
    candidates->ranks[server] = rank;
}

size_t candidates_next(const struct candidates *candidates)
{
    size_t best = CANDIDATE_NONE;
    for (size_t i = 0; i < candidates->plan->server_count; i++) {
        enum rank rank = candidates->ranks[i];
        if (rank == RANK_UNTRIED)
            return i;
        if (rank > RANK_FAILED && (best == CANDIDATE_NONE || rank > candidates->ranks[best]))
            best = i;
    }
    return best;
}

void candidates_use(struct candidates *candidates, size_t server, const struct address *other)
{
    candidates->used_first[server] = candidates->plan->servers[server].address;
    candidates->used_second[server] = *other;
}

bool candidates_clean(const struct candidates *candidates, size_t server, const struct address *other)
{
    for (size_t i = 0; i < candidates->plan->server_count; i++)
        if (i != server && (address_same_ip(&candidates->used_first[i], other) ||
                            address_same_ip(&candidates->used_second[i], &candidates->plan->servers[server].address)))
            return false;
    return true;
}
