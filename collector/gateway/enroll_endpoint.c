#include "gateway/enroll_endpoint.h"

#include "base/clock.h"
#include "exchange/notice.h"
#include "gateway/answer.h"
#include "gateway/inbound.h"

#include <stdio.h>
#include <string.h>

/* An enroll whose sender proved by the handshake that it has the key it asks for; NULL otherwise. */
static Envelope *decode(struct enroll_endpoint *endpoint, struct inbound *inbound)
{
    size_t len = zmq_msg_size(&inbound->body);
    if (len > WIRE_ENROLL_BYTES_MAX) {
        counts_add(endpoint->counts, COUNT_TOO_LONG);
        return NULL;
    }
    Envelope *envelope;
    int error = wire_decode(zmq_msg_data(&inbound->body), len, &envelope);
    if (error) {
        counts_add(endpoint->counts, counts_of_wire_error(error));
        return NULL;
    }
    counts_frame(endpoint->counts, envelope);
    const Natsweep__Enroll *enroll = envelope->enroll;
    if (envelope->body_case != NATSWEEP__ENVELOPE__BODY_ENROLL)
        counts_add(endpoint->counts, COUNT_UNEXPECTED);
    else if (enroll->public_key.len != CURVE_KEY_BYTES ||
             memcmp(enroll->public_key.data, inbound->public_key, CURVE_KEY_BYTES) != 0)
        counts_add(endpoint->counts, COUNT_WRONG_KEY);
    else
        return envelope;
    wire_free(envelope);
    return NULL;
}

static void hand_on(struct enroll_endpoint *endpoint, const struct inbound *inbound, Envelope *envelope)
{
    struct notice *notice = notice_create(NOTICE_ENROLL);
    if (!notice) {
        wire_free(envelope);
        counts_add(endpoint->counts, COUNT_MEMORY);
        return;
    }
    notice->envelope = envelope;
    notice->route = inbound->route;
    notice->received_at_us = clock_wall_us();
    memcpy(notice->public_key, inbound->public_key, CURVE_KEY_BYTES);
    snprintf(notice->address, sizeof(notice->address), "%s", inbound->address);
    if (mailbox_send(endpoint->control, notice) != 0) {
        counts_add(endpoint->counts, COUNT_MEMORY);
        notice_free(notice);
    }
}

static void handle(struct enroll_endpoint *endpoint, struct inbound *inbound, uint64_t now_us)
{
    if (!limiter_allows(&endpoint->limiter, inbound->address, now_us)) {
        counts_add(endpoint->counts, COUNT_RATE_LIMITED);
        if (answer_enroll_unavailable(endpoint->router, &inbound->route,
                                      "too many enrolments at once: try again in a minute") != 0)
            counts_add(endpoint->counts, COUNT_UNROUTABLE);
        return;
    }
    Envelope *envelope = decode(endpoint, inbound);
    if (envelope)
        hand_on(endpoint, inbound, envelope);
}

void enroll_endpoint_serve(struct enroll_endpoint *endpoint, int budget, uint64_t now_us)
{
    struct inbound inbound;
    for (; budget > 0; budget--) {
        int got = inbound_receive(endpoint->router, &inbound);
        if (got == 0)
            return;
        if (got < 0) {
            counts_add(endpoint->counts, COUNT_UNIDENTIFIED);
            continue;
        }
        handle(endpoint, &inbound, now_us);
        inbound_close(&inbound);
    }
}

void enroll_endpoint_reply(struct enroll_endpoint *endpoint, const struct order *order)
{
    if (inbound_answer(endpoint->router, &order->route, order->frame, order->frame_bytes) != 0)
        counts_add(endpoint->counts, COUNT_UNROUTABLE);
}
