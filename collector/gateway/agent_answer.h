/* What the endpoint of agents says to them, and what it counts where that fails. */
#ifndef GATEWAY_AGENT_ANSWER_H
#define GATEWAY_AGENT_ANSWER_H

#include "gateway/agent_endpoint.h"

#include <stdint.h>

void agent_count(struct agent_endpoint *endpoint, enum gateway_count reason);
/* Counts what sending returned, unless that was 0. */
void agent_count_send(struct agent_endpoint *endpoint, int error);

void agent_turn_away(struct agent_endpoint *endpoint, const struct route *route, Natsweep__Welcome__Status status,
                     uint32_t retry_ms, const char *message);
/* With the collectors' addresses; `site` may be NULL. */
void agent_welcome(struct agent_endpoint *endpoint, const struct route *route, const char *site);

#endif
