#include "gateway/self_test.h"

#include "base/clock.h"
#include "base/zsocket.h"
#include "exchange/order.h"
#include "gateway/zap.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

#define MONITOR_ENDPOINT "inproc://self-test"
#define TRY_US 5000000u
#define STEP_MS 10

enum verdict_of_try { TRY_FAILED = -1, TRY_REFUSED = 0, TRY_ACCEPTED = 1 };

/* Serves the handshake of `monitor`'s socket until it ends. */
static enum verdict_of_try watch(void *monitor, void *zap, const struct keyring *keyring)
{
    uint64_t deadline_us = clock_monotonic_us() + TRY_US;
    while (clock_monotonic_us() < deadline_us) {
        zmq_pollitem_t items[] = {{.socket = zap, .events = ZMQ_POLLIN}, {.socket = monitor, .events = ZMQ_POLLIN}};
        (void)zmq_poll(items, 2, STEP_MS);
        zap_serve(zap, keyring);
        unsigned event = zsocket_next_event(monitor);
        if (event == ZMQ_EVENT_HANDSHAKE_SUCCEEDED)
            return TRY_ACCEPTED;
        if (event != 0)
            return event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH ? TRY_REFUSED : TRY_FAILED;
    }
    return TRY_FAILED;
}

/* In a context of its own, so that none of its sockets or names outlives the try. */
static enum verdict_of_try try_key(const char *endpoint, void *zap, const struct keyring *keyring,
                                   const struct curve_key_pair *client, const uint8_t server[CURVE_KEY_BYTES])
{
    static const struct zsocket_limits limits = {.high_water_mark = 1, .max_message_bytes = 1024, .linger_ms = 0};
    enum verdict_of_try verdict = TRY_FAILED;
    void *context = zmq_ctx_new();
    if (!context)
        return TRY_FAILED;
    void *monitor = zmq_socket(context, ZMQ_PAIR);
    void *dealer = zsocket_curve_dealer(context, client, server, &limits);
    int events = ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL |
                 ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL;
    if (monitor && dealer && zmq_socket_monitor(dealer, MONITOR_ENDPOINT, events) == 0 &&
        zmq_connect(monitor, MONITOR_ENDPOINT) == 0 && zmq_connect(dealer, endpoint) == 0)
        verdict = watch(monitor, zap, keyring);
    if (dealer)
        zmq_close(dealer);
    if (monitor)
        zmq_close(monitor);
    zmq_ctx_term(context);
    return verdict;
}

static int try_both(const char *endpoint, void *zap, const uint8_t server[CURVE_KEY_BYTES],
                    char message[SELF_TEST_MESSAGE_BYTES])
{
    struct curve_key_pair known, stranger;
    struct agent_key *key = calloc(1, sizeof(*key));
    if (!key || curve_key_generate(&known) || curve_key_generate(&stranger)) {
        snprintf(message, SELF_TEST_MESSAGE_BYTES, "the self-test of access control could not run: out of memory");
        free(key);
        return -1;
    }
    key->state = AGENT_ACTIVE;
    memcpy(key->public_key, known.public_key, CURVE_KEY_BYTES);
    struct keyring keyring = {0};
    keyring_replace(&keyring, key, 1);
    int error = -1;
    if (try_key(endpoint, zap, &keyring, &stranger, server) != TRY_REFUSED)
        snprintf(message, SELF_TEST_MESSAGE_BYTES,
                 "the self-test of access control failed: a random key was not refused, so nothing is served");
    else if (try_key(endpoint, zap, &keyring, &known, server) != TRY_ACCEPTED)
        snprintf(message, SELF_TEST_MESSAGE_BYTES,
                 "the self-test of access control failed: a known key was not let in, so nothing is served");
    else
        error = 0;
    keyring_free(&keyring);
    return error;
}

int self_test(void *router, void *zap, const uint8_t server_public_key[CURVE_KEY_BYTES],
              char message[SELF_TEST_MESSAGE_BYTES])
{
    char endpoint[64];
    size_t len = sizeof(endpoint);
    if (zmq_bind(router, "tcp://127.0.0.1:*") != 0 || zmq_getsockopt(router, ZMQ_LAST_ENDPOINT, endpoint, &len) != 0) {
        snprintf(message, SELF_TEST_MESSAGE_BYTES, "cannot listen on the loopback address: %s",
                 zmq_strerror(zmq_errno()));
        return -1;
    }
    int error = try_both(endpoint, zap, server_public_key, message);
    (void)zmq_unbind(router, endpoint);
    return error;
}
