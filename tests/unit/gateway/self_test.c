#include "gateway/self_test.h"

#include "base/zsocket.h"
#include "gateway/zap.h"

#include <zmq.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct zsocket_limits limits = {.high_water_mark = 4, .max_message_bytes = 1024, .linger_ms = 0};

struct bed {
    void *context, *zap, *router;
    struct curve_key_pair server;
};

static int set_up(void **state)
{
    struct bed *bed = calloc(1, sizeof(*bed));
    bed->context = zmq_ctx_new();
    bed->zap = zap_socket(bed->context);
    assert_int_equal(curve_key_generate(&bed->server), 0);
    bed->router = zsocket_curve_router(bed->context, &bed->server, &limits);
    assert_non_null(bed->router);
    *state = bed;
    return 0;
}

static int tear_down(void **state)
{
    struct bed *bed = *state;
    zmq_close(bed->router);
    zmq_close(bed->zap);
    zmq_ctx_term(bed->context);
    free(bed);
    return 0;
}

static void passes_with_access_control(void **state)
{
    struct bed *bed = *state;
    char message[SELF_TEST_MESSAGE_BYTES];
    int error = self_test(bed->router, bed->zap, bed->server.public_key, message);
    assert_string_equal(error ? message : "", "");
}

/* A socket that never learned to ask. */
static void finds_a_door_without_a_lock(void **state)
{
    struct bed *bed = *state;
    char message[SELF_TEST_MESSAGE_BYTES];
    void *router = zmq_socket(bed->context, ZMQ_ROUTER);
    int result = self_test(router, bed->zap, bed->server.public_key, message);
    zmq_close(router);
    assert_int_equal(result, -1);
    assert_non_null(strstr(message, "a random key was not refused"));
}

static void finds_a_door_that_lets_all_in(void **state)
{
    struct bed *bed = *state;
    char message[SELF_TEST_MESSAGE_BYTES];
    assert_int_equal(zmq_setsockopt(bed->router, ZMQ_ZAP_DOMAIN, ZAP_DOMAIN_ENROLL, strlen(ZAP_DOMAIN_ENROLL)), 0);
    assert_int_equal(self_test(bed->router, bed->zap, bed->server.public_key, message), -1);
}

static void finds_a_door_that_lets_nobody_in(void **state)
{
    struct bed *bed = *state;
    char message[SELF_TEST_MESSAGE_BYTES];
    assert_int_equal(zmq_setsockopt(bed->router, ZMQ_ZAP_DOMAIN, "other", 5), 0);
    assert_int_equal(self_test(bed->router, bed->zap, bed->server.public_key, message), -1);
    assert_non_null(strstr(message, "a known key was not let in"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(passes_with_access_control, set_up, tear_down),
        cmocka_unit_test_setup_teardown(finds_a_door_without_a_lock, set_up, tear_down),
        cmocka_unit_test_setup_teardown(finds_a_door_that_lets_all_in, set_up, tear_down),
        cmocka_unit_test_setup_teardown(finds_a_door_that_lets_nobody_in, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
