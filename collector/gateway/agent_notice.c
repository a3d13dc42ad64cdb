#include "gateway/agent_notice.h"

#include "base/clock.h"
#include "base/log.h"
#include "gateway/agent_answer.h"

#include <stdio.h>

void agent_tell(struct agent_endpoint *endpoint, struct notice *notice)
{
    if (notice && mailbox_send(endpoint->control, notice) == 0)
        return;
    notice_free(notice);
    agent_count(endpoint, COUNT_MEMORY);
}

static void tell_gone(struct agent_endpoint *endpoint, const struct peer *peer)
{
    struct notice *notice = notice_create(NOTICE_GONE);
    if (notice)
        notice->agent_id = peer->agent_id;
    agent_tell(endpoint, notice);
}

void agent_tell_message(struct agent_endpoint *endpoint, const struct peer *peer, const struct inbound *inbound,
                        Envelope *envelope, bool by_next_key)
{
    struct notice *notice = notice_create(NOTICE_MESSAGE);
    if (!notice) {
        wire_free(envelope);
        agent_count(endpoint, COUNT_MEMORY);
        return;
    }
    notice->agent_id = peer->agent_id;
    notice->site_id = peer->site_id;
    notice->envelope = envelope;
    notice->by_next_key = by_next_key;
    notice->received_at_us = clock_wall_us();
    snprintf(notice->address, sizeof(notice->address), "%s", inbound->address);
    agent_tell(endpoint, notice);
}

void agent_drop(struct agent_endpoint *endpoint, struct peer *peer, const char *why)
{
    log_info("gateway", peer->name, "%s", why);
    tell_gone(endpoint, peer);
    peers_remove(endpoint->peers, peer);
}
