/* The enrolment against a fake collector in a thread; the command itself runs in the test's thread. */
#include "agent/enroll.h"

#include "agent/state_folder.h"
#include "base/attributes.h"
#include "base/file.h"
#include "fake/fake_collector.h"
#include "proto/token.h"
#include "uplink/enrolment.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include <cmocka.h>

struct fixture {
    char folder[64], token_path[96], key_path[STATE_PATH_BYTES], enrolment_path[STATE_PATH_BYTES];
    struct fake_collector fake;
    struct token token;
    pthread_t thread;
    _Atomic bool stop;
    _Atomic Natsweep__Enrolled__Status status; /* the answer */
    _Atomic bool no_endpoints;                 /* in the answer */
    size_t asked;
    uint8_t keys[4][CURVE_KEY_BYTES], secret[TOKEN_SECRET_BYTES];
};

static void answer(struct fixture *fixture)
{
    Natsweep__Enrolled enrolled = NATSWEEP__ENROLLED__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    char *endpoints[] = {(char *)"tcp://collector.example:7700"};
    ProtobufCBinaryData key = {CURVE_KEY_BYTES, fixture->fake.key.public_key};
    enrolled.status = fixture->status;
    enrolled.site = (char *)"Bakery";
    enrolled.customer = (char *)"Crumbs";
    if (!fixture->no_endpoints) {
        enrolled.endpoints = endpoints;
        enrolled.n_endpoints = 1;
        enrolled.server_keys = &key;
        enrolled.n_server_keys = 1;
    }
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_ENROLLED;
    envelope.enrolled = &enrolled;
    fake_collector_send(&fixture->fake, &envelope);
}

static void *collector_thread(void *argument)
{
    struct fixture *fixture = argument;
    while (!fixture->stop) {
        Envelope *envelope = fake_collector_receive(&fixture->fake, 20);
        if (envelope && envelope->body_case == NATSWEEP__ENVELOPE__BODY_ENROLL) {
            memcpy(fixture->keys[fixture->asked++ % 4], envelope->enroll->public_key.data, CURVE_KEY_BYTES);
            memcpy(fixture->secret, envelope->enroll->token.data, TOKEN_SECRET_BYTES);
            answer(fixture);
        }
        wire_free(envelope);
    }
    return NULL;
}

static void write_token(struct fixture *fixture)
{
    char text[TOKEN_TEXT_BYTES];
    assert_int_equal(token_format(&fixture->token, text), 0);
    assert_int_equal(file_replace(fixture->token_path, 0600, text, strlen(text)), 0);
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    snprintf(fixture->folder, sizeof fixture->folder, "/tmp/natsweep-enroll-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->token_path, sizeof fixture->token_path, "%s/token", fixture->folder);
    state_path(fixture->folder, STATE_KEY, fixture->key_path);
    state_path(fixture->folder, STATE_ENROLMENT, fixture->enrolment_path);
    fake_collector_start(&fixture->fake);
    fixture->status = NATSWEEP__ENROLLED__STATUS__ENROLLED;
    fixture->token.endpoint_count = 1;
    memset(fixture->token.secret, 7, sizeof fixture->token.secret);
    memcpy(fixture->token.endpoints[0].server_key, fixture->fake.key.public_key, CURVE_KEY_BYTES);
    snprintf(fixture->token.endpoints[0].address, sizeof fixture->token.endpoints[0].address, "%s",
             fixture->fake.endpoint);
    write_token(fixture);
    assert_int_equal(pthread_create(&fixture->thread, NULL, collector_thread, fixture), 0);
    *state = fixture;
    return 0;
}

/* Before the test looks at what the collector's thread saw. */
static void join_collector(struct fixture *fixture)
{
    if (!fixture->stop) {
        fixture->stop = true;
        pthread_join(fixture->thread, NULL);
    }
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    join_collector(fixture);
    fake_collector_stop(&fixture->fake);
    unlink(fixture->token_path);
    unlink(fixture->key_path);
    unlink(fixture->enrolment_path);
    int left = rmdir(fixture->folder);
    free(fixture);
    return left;
}

static int enroll(struct fixture *fixture)
{
    char *arguments[] = {(char *)"enroll",      (char *)"--token", fixture->token_path,
                         (char *)"--state-dir", fixture->folder,   NULL};
    return enroll_command(5, arguments);
}

static void test_enrolling_writes_key_and_collectors(void **state)
{
    struct fixture *fixture = *state;
    struct enrolment enrolment;
    struct curve_key_pair key;
    char message[SETTINGS_MESSAGE_BYTES];
    assert_int_equal(enroll(fixture), EX_OK);
    join_collector(fixture);
    assert_int_equal(enrolment_load(fixture->enrolment_path, &enrolment, message), 0);
    assert_string_equal(enrolment.endpoints[0], "tcp://collector.example:7700");
    assert_memory_equal(enrolment.server_keys[0], fixture->fake.key.public_key, CURVE_KEY_BYTES);
    assert_string_equal(enrolment.site, "Bakery");
    assert_int_equal(curve_key_load(fixture->key_path, &key), 0);
    assert_memory_equal(key.public_key, fixture->keys[0], CURVE_KEY_BYTES);
    assert_memory_equal(fixture->secret, fixture->token.secret, TOKEN_SECRET_BYTES);
}

static void test_enrolling_again_keeps_the_key(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(enroll(fixture), EX_OK);
    assert_int_equal(enroll(fixture), EX_OK);
    join_collector(fixture);
    assert_int_equal(fixture->asked, 2);
    assert_memory_equal(fixture->keys[0], fixture->keys[1], CURVE_KEY_BYTES);
}

static void test_each_refusal_has_its_own_code(void **state)
{
    struct fixture *fixture = *state;
    static const struct {
        Natsweep__Enrolled__Status status;
        int code;
    } cases[] = {{NATSWEEP__ENROLLED__STATUS__TOKEN_USED, 5},
                 {NATSWEEP__ENROLLED__STATUS__TOKEN_EXPIRED, 6},
                 {NATSWEEP__ENROLLED__STATUS__TOKEN_UNKNOWN, 7},
                 {NATSWEEP__ENROLLED__STATUS__KEY_KNOWN, 8},
                 {NATSWEEP__ENROLLED__STATUS__REVOKED, 9},
                 {NATSWEEP__ENROLLED__STATUS__UNAVAILABLE, EX_TEMPFAIL},
                 {NATSWEEP__ENROLLED__STATUS__STATUS_UNKNOWN, EX_PROTOCOL}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const struct enroll_verdict *verdict = enroll_verdict(cases[i].status);
        assert_int_equal(verdict->exit_code, cases[i].code);
        assert_true(strlen(verdict->sentence) > 20);
    }
    fixture->status = NATSWEEP__ENROLLED__STATUS__TOKEN_USED;
    assert_int_equal(enroll(fixture), ENROLL_TOKEN_USED);
    assert_int_equal(access(fixture->enrolment_path, F_OK), -1);
}

static void test_pending_joins_too(void **state)
{
    struct fixture *fixture = *state;
    fixture->status = NATSWEEP__ENROLLED__STATUS__PENDING;
    assert_int_equal(enroll(fixture), ENROLL_PENDING);
    assert_int_equal(access(fixture->enrolment_path, F_OK), 0);
}

static void test_an_answer_without_endpoints_is_no_enrolment(void **state)
{
    struct fixture *fixture = *state;
    fixture->no_endpoints = true;
    assert_int_equal(enroll(fixture), EX_PROTOCOL);
    assert_int_equal(access(fixture->enrolment_path, F_OK), -1);
}

static void test_a_wrong_server_is_told_from_an_absent_one(void **state)
{
    struct fixture *fixture = *state;
    fixture->token.endpoints[0].server_key[0] ^= 1;
    fixture->token.endpoints[0].server_key[9] ^= 1;
    write_token(fixture);
    assert_int_equal(enroll(fixture), ENROLL_WRONG_SERVER);
    snprintf(fixture->token.endpoints[0].address, sizeof fixture->token.endpoints[0].address, "tcp://127.0.0.1:1");
    write_token(fixture);
    assert_int_equal(enroll(fixture), EX_UNAVAILABLE);
}

static void test_the_second_endpoint_of_a_token_helps_out(void **state)
{
    struct fixture *fixture = *state;
    fixture->token.endpoints[1] = fixture->token.endpoints[0];
    snprintf(fixture->token.endpoints[0].address, sizeof fixture->token.endpoints[0].address, "tcp://127.0.0.1:1");
    fixture->token.endpoint_count = 2;
    write_token(fixture);
    assert_int_equal(enroll(fixture), EX_OK);
}

static void test_a_token_never_comes_as_an_argument(void **state)
{
    struct fixture *fixture = *state;
    char *bare[] = {(char *)"enroll", (char *)TOKEN_PREFIX "AAAA", NULL};
    char *flag[] = {(char *)"enroll", (char *)"--token", (char *)TOKEN_PREFIX "AAAA", NULL};
    assert_int_equal(enroll_command(2, bare), EX_USAGE);
    assert_int_equal(enroll_command(3, flag), EX_USAGE);
    join_collector(fixture);
    assert_int_equal(fixture->asked, 0);
}

static void test_bad_tokens_are_refused_before_anything_is_made(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(file_replace(fixture->token_path, 0600, "hello\n", 6), 0);
    assert_int_equal(enroll(fixture), EX_DATAERR);
    unlink(fixture->token_path);
    assert_int_equal(enroll(fixture), EX_NOINPUT);
    assert_int_equal(access(fixture->key_path, F_OK), -1);
}

static void test_a_key_that_others_can_read_is_refused(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(enroll(fixture), EX_OK);
    assert_int_equal(chmod(fixture->key_path, 0640), 0);
    assert_int_equal(enroll(fixture), EX_NOPERM);
    join_collector(fixture);
    assert_int_equal(fixture->asked, 1);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_enrolling_writes_key_and_collectors),
        CASE(test_enrolling_again_keeps_the_key),
        CASE(test_each_refusal_has_its_own_code),
        CASE(test_pending_joins_too),
        CASE(test_an_answer_without_endpoints_is_no_enrolment),
        CASE(test_a_wrong_server_is_told_from_an_absent_one),
        CASE(test_the_second_endpoint_of_a_token_helps_out),
        CASE(test_a_token_never_comes_as_an_argument),
        CASE(test_bad_tokens_are_refused_before_anything_is_made),
        CASE(test_a_key_that_others_can_read_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
