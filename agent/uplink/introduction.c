#include "uplink/introduction.h"

#include "base/clock.h"
#include "uplink/host_name.h"
#include "uplink/link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

/* Less than the handshake time-out of zsocket, so that slowness is no wrong key. */
#define ANSWER_US UINT64_C(9000000)

struct introduction {
    const struct curve_key_pair *key;
    const uint8_t *secret;
    struct link *link;
    uint64_t deadline_us;
};

static int send_enroll(const struct introduction *introduction)
{
    char hostname[WIRE_NAME_BYTES_MAX];
    Natsweep__Enroll enroll = NATSWEEP__ENROLL__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    uint8_t *frame;
    size_t len;
    enroll.token = (ProtobufCBinaryData){TOKEN_SECRET_BYTES, (uint8_t *)introduction->secret};
    enroll.public_key = (ProtobufCBinaryData){CURVE_KEY_BYTES, (uint8_t *)introduction->key->public_key};
    enroll.hostname = (char *)host_name(hostname);
    enroll.agent_version = (char *)NATSWEEP_VERSION;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_ENROLL;
    envelope.enroll = &enroll;
    if (wire_encode(&envelope, &frame, &len))
        return -ENOMEM;
    int error = link_send(introduction->link, frame, len);
    explicit_bzero(frame, len);
    free(frame);
    return error;
}

/* Waits for the connection, its monitor first, or for a message. Returns 0, or -ETIMEDOUT. */
static int wait_link(const struct introduction *introduction)
{
    zmq_pollitem_t items[LINK_POLL_ITEMS];
    uint64_t now_us = clock_monotonic_us();
    if (now_us >= introduction->deadline_us)
        return -ETIMEDOUT;
    link_poll_items(introduction->link, items);
    zmq_poll(items, LINK_POLL_ITEMS, (long)((introduction->deadline_us - now_us + 999) / 1000));
    return 0;
}

static int after_event(const struct introduction *introduction, enum link_event event)
{
    switch (event) {
    case LINK_NONE: return 0;
    case LINK_CONNECTED: return send_enroll(introduction);
    case LINK_WRONG_KEY: return -EKEYREJECTED;
    case LINK_NOT_ADMITTED: return -EACCES;
    case LINK_UNREACHABLE:
    case LINK_CLOSED: return -ECONNREFUSED;
    }
    return -EPROTO;
}

/* Returns 0 and the answer, or -errno. */
static int converse(const struct introduction *introduction, Envelope **answer)
{
    for (;;) {
        zmq_msg_t message;
        int error = link_receive(introduction->link, &message);
        if (!error) {
            error = wire_decode(zmq_msg_data(&message), zmq_msg_size(&message), answer) ? -EPROTO : 0;
            zmq_msg_close(&message);
            return error;
        }
        error = error == -EAGAIN ? after_event(introduction, link_next_event(introduction->link)) : error;
        if (!error)
            error = wait_link(introduction);
        if (error)
            return error;
    }
}

int introduction_make(void *context, const struct curve_key_pair *key, const struct token_endpoint *endpoint,
                      const uint8_t secret[TOKEN_SECRET_BYTES], Envelope **answer)
{
    struct introduction introduction = {.key = key, .secret = secret, .deadline_us = clock_monotonic_us() + ANSWER_US};
    Envelope *heard = NULL;
    int error = link_open(context, key, endpoint->address, endpoint->server_key, &introduction.link);
    if (error)
        return error;
    error = converse(&introduction, &heard);
    link_close(introduction.link);
    if (error)
        return error;
    if (heard->body_case != NATSWEEP__ENVELOPE__BODY_ENROLLED) {
        wire_free(heard);
        return -EPROTO;
    }
    *answer = heard;
    return 0;
}
