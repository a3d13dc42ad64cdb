#include "gateway/agent_answer.h"

#include "gateway/answer.h"

#include <errno.h>

void agent_count(struct agent_endpoint *endpoint, enum gateway_count reason)
{
    counts_add(endpoint->counts, reason);
}

void agent_count_send(struct agent_endpoint *endpoint, int error)
{
    if (error == 0)
        return;
    if (error == -EAGAIN)
        agent_count(endpoint, COUNT_QUEUE_FULL);
    else
        agent_count(endpoint, error == -ENOMEM ? COUNT_MEMORY : COUNT_UNROUTABLE);
}

void agent_turn_away(struct agent_endpoint *endpoint, const struct route *route, Natsweep__Welcome__Status status,
                     uint32_t retry_ms, const char *message)
{
    struct answer_welcome welcome = {.status = status, .retry_ms = retry_ms, .message = message};
    agent_count_send(endpoint, answer_welcome(endpoint->router, route, &welcome));
}

void agent_welcome(struct agent_endpoint *endpoint, const struct route *route, const char *site)
{
    const struct answer_welcome facts = {.status = NATSWEEP__WELCOME__STATUS__WELCOME,
                                         .heartbeat_ms = endpoint->heartbeat_ms,
                                         .site = site,
                                         .directory = &endpoint->directory};
    agent_count_send(endpoint, answer_welcome(endpoint->router, route, &facts));
}
