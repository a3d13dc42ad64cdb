#include "gateway/zap.h"

#include <zmq.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t known[CURVE_KEY_BYTES] = {1}, pending[CURVE_KEY_BYTES] = {2}, revoked[CURVE_KEY_BYTES] = {3},
                     unknown[CURVE_KEY_BYTES] = {4};

static struct keyring keyring_of_three(void)
{
    struct agent_key *keys = calloc(3, sizeof(*keys));
    keys[0] = (struct agent_key){.public_key = {1}, .state = AGENT_ACTIVE};
    keys[1] = (struct agent_key){.public_key = {2}, .state = AGENT_PENDING};
    keys[2] = (struct agent_key){.public_key = {3}, .state = AGENT_REVOKED};
    struct keyring keyring = {0};
    keyring_replace(&keyring, keys, 3);
    return keyring;
}

static void decides_by_the_state_of_the_key(void **state)
{
    (void)state;
    struct keyring keyring = keyring_of_three();
    assert_int_equal(zap_decide(ZAP_DOMAIN_AGENTS, "CURVE", known, 32, &keyring), ZAP_WELCOME);
    assert_int_equal(zap_decide(ZAP_DOMAIN_AGENTS, "CURVE", pending, 32, &keyring), ZAP_WELCOME);
    assert_int_equal(zap_decide(ZAP_DOMAIN_AGENTS, "CURVE", revoked, 32, &keyring), ZAP_REFUSED);
    assert_int_equal(zap_decide(ZAP_DOMAIN_AGENTS, "CURVE", unknown, 32, &keyring), ZAP_REFUSED);
    keyring_free(&keyring);
}

static void puts_agents_off_without_a_keyring(void **state)
{
    (void)state;
    assert_int_equal(zap_decide(ZAP_DOMAIN_AGENTS, "CURVE", known, 32, NULL), ZAP_LATER);
}

static void lets_any_key_enroll(void **state)
{
    (void)state;
    assert_int_equal(zap_decide(ZAP_DOMAIN_ENROLL, "CURVE", unknown, 32, NULL), ZAP_WELCOME);
}

static void refuses_other_mechanisms_and_domains(void **state)
{
    (void)state;
    struct keyring keyring = keyring_of_three();
    assert_int_equal(zap_decide(ZAP_DOMAIN_AGENTS, "NULL", known, 32, &keyring), ZAP_REFUSED);
    assert_int_equal(zap_decide(ZAP_DOMAIN_ENROLL, "PLAIN", known, 32, &keyring), ZAP_REFUSED);
    assert_int_equal(zap_decide(ZAP_DOMAIN_AGENTS, "CURVE", known, 31, &keyring), ZAP_REFUSED);
    assert_int_equal(zap_decide("global", "CURVE", known, 32, &keyring), ZAP_REFUSED);
    assert_int_equal(zap_decide("", "CURVE", known, 32, &keyring), ZAP_REFUSED);
    keyring_free(&keyring);
}

/* Sends a request of `count` fields and returns the status code of the answer. */
static int ask(void *socket, void *asker, int count, const char *const fields[], const size_t lengths[])
{
    for (int i = 0; i < count; i++)
        assert_true(zmq_send(asker, fields[i], lengths[i], i + 1 < count ? ZMQ_SNDMORE : 0) >= 0);
    zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};
    assert_int_equal(zmq_poll(&item, 1, 5000), 1);
    zap_serve(socket, NULL);
    char answer[6][64] = {{0}};
    for (int i = 0; i < 6; i++)
        assert_true(zmq_recv(asker, answer[i], sizeof(answer[i]) - 1, 0) >= 0);
    return (int)strtol(answer[2], NULL, 10);
}

static void survives_malformed_requests(void **state)
{
    (void)state;
    void *context = zmq_ctx_new();
    void *socket = zap_socket(context);
    void *asker = zmq_socket(context, ZMQ_REQ);
    assert_int_equal(zmq_connect(asker, "inproc://zeromq.zap.01"), 0);
    const char *const fields[] = {"1.0", "7",     ZAP_DOMAIN_ENROLL,   "127.0.0.1",
                                  "",    "CURVE", (const char *)known, "extra"};
    const size_t lengths[] = {3, 1, sizeof(ZAP_DOMAIN_ENROLL) - 1, 9, 0, 5, 32, 5};
    assert_int_equal(ask(socket, asker, 7, fields, lengths), ZAP_WELCOME);
    assert_int_equal(ask(socket, asker, 1, fields, lengths), ZAP_INTERNAL);
    assert_int_equal(ask(socket, asker, 6, fields, lengths), ZAP_INTERNAL);
    assert_int_equal(ask(socket, asker, 8, fields, lengths), ZAP_INTERNAL);
    const char *const newer[] = {"2.0", "7", ZAP_DOMAIN_ENROLL, "127.0.0.1", "", "CURVE", (const char *)known};
    assert_int_equal(ask(socket, asker, 7, newer, lengths), ZAP_INTERNAL);
    zmq_close(asker);
    zmq_close(socket);
    zmq_ctx_term(context);
}

static void there_is_one_handler(void **state)
{
    (void)state;
    void *context = zmq_ctx_new();
    void *socket = zap_socket(context);
    assert_non_null(socket);
    assert_null(zap_socket(context));
    zmq_close(socket);
    zmq_ctx_term(context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(decides_by_the_state_of_the_key),
        cmocka_unit_test(puts_agents_off_without_a_keyring),
        cmocka_unit_test(lets_any_key_enroll),
        cmocka_unit_test(refuses_other_mechanisms_and_domains),
        cmocka_unit_test(survives_malformed_requests),
        cmocka_unit_test(there_is_one_handler),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
