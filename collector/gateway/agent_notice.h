/* What the endpoint of agents tells control about them. */
#ifndef GATEWAY_AGENT_NOTICE_H
#define GATEWAY_AGENT_NOTICE_H

#include "exchange/notice.h"
#include "gateway/agent_endpoint.h"
#include "gateway/inbound.h"

#include <stdbool.h>

/* Takes the notice; NULL counts as out of memory. */
void agent_tell(struct agent_endpoint *endpoint, struct notice *notice);
/* Takes the envelope. */
void agent_tell_message(struct agent_endpoint *endpoint, const struct peer *peer, const struct inbound *inbound,
                        Envelope *envelope, bool by_next_key);
/* Forgets the peer and tells that it is gone; `why` is logged. */
void agent_drop(struct agent_endpoint *endpoint, struct peer *peer, const char *why);

#endif
