/* An agent introduces itself to a fake collector in a thread. */
#include "uplink/introduction.h"

#include "fake/fake_collector.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include <cmocka.h>

static struct bed {
    struct fake_collector fake;
    struct curve_key_pair key;
    struct token_endpoint endpoint;
    uint8_t secret[TOKEN_SECRET_BYTES], heard_secret[TOKEN_SECRET_BYTES], heard_key[CURVE_KEY_BYTES];
    void *context;
    pthread_t thread;
    _Atomic bool stop, says_welcome;
} bed;

static void answer(void)
{
    Natsweep__Enrolled enrolled = NATSWEEP__ENROLLED__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    enrolled.status = NATSWEEP__ENROLLED__STATUS__PENDING;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_ENROLLED;
    envelope.enrolled = &enrolled;
    if (bed.says_welcome)
        fake_collector_welcome(&bed.fake, NATSWEEP__WELCOME__STATUS__WELCOME);
    else
        fake_collector_send(&bed.fake, &envelope);
}

static void *collector_thread(void *argument)
{
    while (!bed.stop) {
        Envelope *envelope = fake_collector_receive(&bed.fake, 20);
        if (envelope && envelope->body_case == NATSWEEP__ENVELOPE__BODY_ENROLL) {
            memcpy(bed.heard_secret, envelope->enroll->token.data, TOKEN_SECRET_BYTES);
            memcpy(bed.heard_key, envelope->enroll->public_key.data, CURVE_KEY_BYTES);
            answer();
        }
        wire_free(envelope);
    }
    return argument;
}

static int setup(void **state)
{
    (void)state;
    memset(&bed, 0, sizeof bed);
    memset(bed.secret, 7, sizeof bed.secret);
    fake_collector_start(&bed.fake);
    assert_int_equal(curve_key_generate(&bed.key), 0);
    memcpy(bed.endpoint.server_key, bed.fake.key.public_key, CURVE_KEY_BYTES);
    snprintf(bed.endpoint.address, sizeof bed.endpoint.address, "%s", bed.fake.endpoint);
    bed.context = zmq_ctx_new();
    return pthread_create(&bed.thread, NULL, collector_thread, NULL);
}

/* Ends the collector's thread, so that what it heard can be read. */
static void hang_up(void)
{
    if (bed.stop)
        return;
    bed.stop = true;
    pthread_join(bed.thread, NULL);
}

static int teardown(void **state)
{
    (void)state;
    hang_up();
    zmq_ctx_term(bed.context);
    fake_collector_stop(&bed.fake);
    return 0;
}

static int introduce(Envelope **heard)
{
    return introduction_make(bed.context, &bed.key, &bed.endpoint, bed.secret, heard);
}

static void test_token_and_key_go_out_and_the_answer_comes_back(void **state)
{
    (void)state;
    Envelope *heard = NULL;
    assert_int_equal(introduce(&heard), 0);
    assert_int_equal(heard->enrolled->status, NATSWEEP__ENROLLED__STATUS__PENDING);
    hang_up();
    assert_memory_equal(bed.heard_secret, bed.secret, TOKEN_SECRET_BYTES);
    assert_memory_equal(bed.heard_key, bed.key.public_key, CURVE_KEY_BYTES);
    wire_free(heard);
}

static void test_another_message_is_no_answer(void **state)
{
    (void)state;
    Envelope *heard = NULL;
    bed.says_welcome = true;
    assert_int_equal(introduce(&heard), -EPROTO);
    assert_null(heard);
}

static void test_a_server_without_the_tokens_key_hears_no_secret(void **state)
{
    (void)state;
    Envelope *heard = NULL;
    struct curve_key_pair other;
    static const uint8_t nothing[TOKEN_SECRET_BYTES];
    assert_int_equal(curve_key_generate(&other), 0);
    memcpy(bed.endpoint.server_key, other.public_key, CURVE_KEY_BYTES);
    int error = introduce(&heard);
    assert_true(error == -EKEYREJECTED || error == -ETIMEDOUT);
    hang_up();
    assert_memory_equal(bed.heard_secret, nothing, TOKEN_SECRET_BYTES);
}

static void test_nobody_there_is_told(void **state)
{
    (void)state;
    Envelope *heard = NULL;
    snprintf(bed.endpoint.address, sizeof bed.endpoint.address, "tcp://127.0.0.1:1");
    assert_int_equal(introduce(&heard), -ECONNREFUSED);
    assert_null(heard);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_token_and_key_go_out_and_the_answer_comes_back, setup, teardown),
        cmocka_unit_test_setup_teardown(test_another_message_is_no_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_server_without_the_tokens_key_hears_no_secret, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nobody_there_is_told, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
