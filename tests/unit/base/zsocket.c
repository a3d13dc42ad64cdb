#include "base/zsocket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <zmq.h>

static void a_pair_carries_messages_both_ways(void **state)
{
    (void)state;
    void *context = zmq_ctx_new();
    void *ends[2];
    assert_int_equal(zsocket_pair(context, "unit-pair", ends), 0);
    char got[8];
    for (int from = 0; from < 2; from++) {
        assert_int_equal(zmq_send(ends[from], "hello", 5, 0), 5);
        assert_int_equal(zmq_recv(ends[1 - from], got, sizeof got, 0), 5);
        assert_memory_equal(got, "hello", 5);
    }
    zmq_close(ends[0]);
    zmq_close(ends[1]);
    zmq_ctx_term(context);
}

/* What libzmq would do silently without a ZAP domain: let a stranger in. */
static void a_router_asks_zap_about_every_dealer(void **state)
{
    (void)state;
    static const struct zsocket_limits limits = {.high_water_mark = 10, .max_message_bytes = 1000, .linger_ms = 0};
    struct curve_key_pair server, client;
    assert_int_equal(curve_key_generate(&server) | curve_key_generate(&client), 0);
    void *context = zmq_ctx_new();
    void *zap = zmq_socket(context, ZMQ_REP);
    assert_int_equal(zmq_bind(zap, "inproc://zeromq.zap.01"), 0);
    void *router = zsocket_curve_router(context, &server, &limits);
    void *dealer = zsocket_curve_dealer(context, &client, server.public_key, &limits);
    assert_non_null(router);
    assert_non_null(dealer);
    assert_int_equal(zmq_bind(router, "tcp://127.0.0.1:*"), 0);
    char endpoint[64];
    size_t size = sizeof endpoint;
    assert_int_equal(zmq_getsockopt(router, ZMQ_LAST_ENDPOINT, endpoint, &size), 0);
    assert_int_equal(zmq_connect(dealer, endpoint), 0);

    zmq_pollitem_t item = {.socket = zap, .events = ZMQ_POLLIN};
    assert_int_equal(zmq_poll(&item, 1, 10000), 1);
    char frame[64];
    int frames = 0, more = 1;
    bool domain_seen = false, key_seen = false;
    for (size_t more_size = sizeof more; more; frames++) {
        int len = zmq_recv(zap, frame, sizeof frame, 0);
        domain_seen |= len == 8 && memcmp(frame, "natsweep", 8) == 0;
        key_seen |= len == CURVE_KEY_BYTES && memcmp(frame, client.public_key, CURVE_KEY_BYTES) == 0;
        assert_int_equal(zmq_getsockopt(zap, ZMQ_RCVMORE, &more, &more_size), 0);
    }
    assert_true(domain_seen);
    assert_true(key_seen);
    zmq_close(dealer);
    zmq_close(router);
    zmq_close(zap);
    zmq_ctx_term(context);
}

static void events_of_a_monitor_come_one_by_one(void **state)
{
    (void)state;
    void *context = zmq_ctx_new();
    void *router = zmq_socket(context, ZMQ_ROUTER), *monitor = zmq_socket(context, ZMQ_PAIR);
    assert_int_equal(zmq_socket_monitor(router, "inproc://unit-monitor", ZMQ_EVENT_LISTENING | ZMQ_EVENT_CLOSED), 0);
    assert_int_equal(zmq_connect(monitor, "inproc://unit-monitor"), 0);
    assert_int_equal(zsocket_next_event(monitor), 0);
    assert_int_equal(zmq_bind(router, "tcp://127.0.0.1:*"), 0);
    assert_int_equal(zmq_bind(router, "tcp://127.0.0.1:*"), 0);

    zmq_pollitem_t item = {.socket = monitor, .events = ZMQ_POLLIN};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(zmq_poll(&item, 1, 10000), 1);
        assert_int_equal(zsocket_next_event(monitor), ZMQ_EVENT_LISTENING);
    }
    assert_int_equal(zsocket_next_event(monitor), 0);
    zmq_socket_monitor(router, NULL, 0);
    zmq_close(monitor);
    zmq_close(router);
    zmq_ctx_term(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pair_carries_messages_both_ways),
        cmocka_unit_test(a_router_asks_zap_about_every_dealer),
        cmocka_unit_test(events_of_a_monitor_come_one_by_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
