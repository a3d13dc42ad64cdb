#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stun/attribute.h"
#include "stun/auth.h"
#include "vectors.h"

#include <errno.h>
#include <string.h>

static const uint8_t transaction_id[STUN_TRANSACTION_ID_BYTES] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

static const struct {
    const uint8_t *bytes;
    size_t len;
} short_term[] = {{vector_request, sizeof vector_request},
                  {vector_ipv4_response, sizeof vector_ipv4_response},
                  {vector_ipv6_response, sizeof vector_ipv6_response}};

#define FINGERPRINT_BYTES 8
#define INTEGRITY_BYTES 24

static struct stun_challenge vector_challenge(void)
{
    struct stun_challenge challenge = {.realm_len = strlen(VECTOR_REALM), .nonce_len = strlen(VECTOR_NONCE)};
    memcpy(challenge.realm, VECTOR_REALM, challenge.realm_len);
    memcpy(challenge.nonce, VECTOR_NONCE, challenge.nonce_len);
    return challenge;
}

static void checks_the_short_term_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(short_term); i++) {
        struct stun_message message;
        assert_int_equal(stun_message_parse(short_term[i].bytes, short_term[i].len, &message), 0);
        assert_int_equal(stun_check_integrity(&message, VECTOR_PASSWORD, strlen(VECTOR_PASSWORD)), 0);
        assert_int_equal(stun_check_integrity(&message, VECTOR_PASSWORD, strlen(VECTOR_PASSWORD) - 1), -EBADMSG);
    }
}

static void writes_the_short_term_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(short_term); i++) {
        uint8_t bytes[128];
        size_t before = short_term[i].len - INTEGRITY_BYTES - FINGERPRINT_BYTES;
        memcpy(bytes, short_term[i].bytes, before);
        struct stun_writer writer = {.bytes = bytes, .capacity = sizeof bytes, .len = before};
        stun_write_integrity(&writer, VECTOR_PASSWORD, strlen(VECTOR_PASSWORD));
        stun_write_fingerprint(&writer);
        assert_int_equal(stun_writer_finish(&writer), short_term[i].len);
        assert_memory_equal(bytes, short_term[i].bytes, short_term[i].len);
    }
}

static void writes_the_long_term_vector(void **state)
{
    (void)state;
    struct stun_challenge challenge = vector_challenge();
    struct stun_key key = stun_key_long_term(VECTOR_USER, &challenge, VECTOR_LONG_TERM_PASSWORD);
    uint8_t bytes[256];
    struct stun_writer writer;
    stun_writer_begin(&writer, bytes, sizeof bytes, STUN_REQUEST, STUN_BINDING, vector_long_term_request + 8);
    stun_writer_attribute(&writer, STUN_USERNAME, VECTOR_USER, strlen(VECTOR_USER));
    stun_writer_attribute(&writer, STUN_NONCE, challenge.nonce, challenge.nonce_len);
    stun_writer_attribute(&writer, STUN_REALM, challenge.realm, challenge.realm_len);
    stun_write_integrity(&writer, key.bytes, key.len);
    assert_int_equal(stun_writer_finish(&writer), sizeof vector_long_term_request);
    assert_memory_equal(bytes, vector_long_term_request, sizeof vector_long_term_request);
}

static void checks_the_long_term_vector(void **state)
{
    (void)state;
    struct stun_challenge challenge = vector_challenge();
    struct stun_key key = stun_key_long_term(VECTOR_USER, &challenge, VECTOR_LONG_TERM_PASSWORD);
    struct stun_key wrong = stun_key_long_term(VECTOR_USER, &challenge, "TheMatrix");
    struct stun_message message;
    assert_int_equal(stun_message_parse(vector_long_term_request, sizeof vector_long_term_request, &message), 0);
    assert_int_equal(stun_check_integrity(&message, key.bytes, key.len), 0);
    assert_int_equal(stun_check_integrity(&message, wrong.bytes, wrong.len), -EBADMSG);
}

static void any_flipped_bit_before_the_integrity_is_seen(void **state)
{
    (void)state;
    struct stun_challenge challenge = vector_challenge();
    struct stun_key key = stun_key_long_term(VECTOR_USER, &challenge, VECTOR_LONG_TERM_PASSWORD);
    size_t checked = 0;
    for (size_t bit = 0; bit < sizeof vector_long_term_request * 8; bit++) {
        uint8_t bytes[sizeof vector_long_term_request];
        memcpy(bytes, vector_long_term_request, sizeof bytes);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        struct stun_message message;
        if (stun_message_parse(bytes, sizeof bytes, &message) != 0)
            continue;
        assert_int_not_equal(stun_check_integrity(&message, key.bytes, key.len), 0);
        checked++;
    }
    assert_true(checked > 700);
}

static void says_when_there_is_no_integrity(void **state)
{
    (void)state;
    uint8_t bytes[64];
    struct stun_writer writer;
    struct stun_message message;
    stun_writer_begin(&writer, bytes, sizeof bytes, STUN_SUCCESS, STUN_BINDING, transaction_id);
    assert_int_equal(stun_message_parse(bytes, writer.len, &message), 0);
    assert_int_equal(stun_check_integrity(&message, "key", 3), -ENOENT);
    stun_writer_attribute(&writer, STUN_MESSAGE_INTEGRITY, "short", 5);
    assert_int_equal(stun_message_parse(bytes, writer.len, &message), 0);
    assert_int_equal(stun_check_integrity(&message, "key", 3), -EBADMSG);
}

/* A 401 as a server sends it; a realm or nonce of length 0 is left out. */
static int read_challenge(size_t realm_len, size_t nonce_len, struct stun_challenge *out)
{
    static const uint8_t text[1024] = {'x'};
    uint8_t bytes[2048];
    struct stun_writer writer;
    struct stun_message message;
    stun_writer_begin(&writer, bytes, sizeof bytes, STUN_ERROR, STUN_BINDING, transaction_id);
    stun_write_error_code(&writer, 401, "Unauthorized");
    if (realm_len > 0)
        stun_writer_attribute(&writer, STUN_REALM, text, realm_len);
    if (nonce_len > 0)
        stun_writer_attribute(&writer, STUN_NONCE, text, nonce_len);
    assert_int_equal(stun_message_parse(bytes, writer.len, &message), 0);
    return stun_challenge_read(&message, out);
}

static void reads_challenges_of_any_allowed_length(void **state)
{
    (void)state;
    struct stun_challenge challenge = {.realm_len = 99};
    assert_int_equal(read_challenge(0, 8, &challenge), -EBADMSG);
    assert_int_equal(read_challenge(8, 0, &challenge), -EBADMSG);
    assert_int_equal(read_challenge(STUN_REALM_BYTES_MAX + 1, 8, &challenge), -EBADMSG);
    assert_int_equal(read_challenge(8, STUN_NONCE_BYTES_MAX + 1, &challenge), -EBADMSG);
    assert_int_equal(challenge.realm_len, 99);
    assert_int_equal(read_challenge(STUN_REALM_BYTES_MAX, STUN_NONCE_BYTES_MAX, &challenge), 0);
    assert_int_equal(challenge.realm_len, STUN_REALM_BYTES_MAX);
    assert_int_equal(challenge.nonce_len, STUN_NONCE_BYTES_MAX);
    assert_int_equal(challenge.nonce[0], 'x');
}

static void credentials_are_what_the_server_checks(void **state)
{
    (void)state;
    struct stun_challenge challenge = vector_challenge();
    struct stun_key key = stun_key_long_term("1700000000:agent", &challenge, "secret");
    uint8_t bytes[256];
    struct stun_writer writer;
    struct stun_message message;
    const uint8_t *value = NULL;
    size_t len = 0;
    stun_writer_begin(&writer, bytes, sizeof bytes, STUN_REQUEST, STUN_BINDING, transaction_id);
    stun_write_change_request(&writer, STUN_CHANGE_IP | STUN_CHANGE_PORT);
    stun_write_credentials(&writer, "1700000000:agent", &challenge, &key);
    stun_write_fingerprint(&writer);
    assert_int_equal(stun_message_parse(bytes, (size_t)stun_writer_finish(&writer), &message), 0);
    assert_int_equal(stun_check_integrity(&message, key.bytes, key.len), 0);
    assert_int_equal(stun_attribute_find(&message, STUN_USERNAME, &value, &len), 0);
    assert_int_equal(len, 16);
    assert_memory_equal(value, "1700000000:agent", 16);
    assert_int_equal(stun_attribute_find(&message, STUN_NONCE, &value, &len), 0);
    assert_memory_equal(value, VECTOR_NONCE, strlen(VECTOR_NONCE));
}

static void credentials_without_room_overflow(void **state)
{
    (void)state;
    struct stun_challenge challenge = vector_challenge();
    struct stun_key key = stun_key_long_term("user", &challenge, "secret");
    uint8_t bytes[256];
    struct stun_writer writer;
    stun_writer_begin(&writer, bytes, sizeof bytes, STUN_REQUEST, STUN_BINDING, transaction_id);
    stun_write_credentials(&writer, "user", &challenge, &key);
    size_t full = writer.len;
    for (size_t capacity = 0; capacity < full; capacity++) {
        stun_writer_begin(&writer, bytes, capacity, STUN_REQUEST, STUN_BINDING, transaction_id);
        stun_write_credentials(&writer, "user", &challenge, &key);
        assert_int_equal(stun_writer_finish(&writer), -EMSGSIZE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_the_short_term_vectors),
        cmocka_unit_test(writes_the_short_term_vectors),
        cmocka_unit_test(writes_the_long_term_vector),
        cmocka_unit_test(checks_the_long_term_vector),
        cmocka_unit_test(any_flipped_bit_before_the_integrity_is_seen),
        cmocka_unit_test(says_when_there_is_no_integrity),
        cmocka_unit_test(reads_challenges_of_any_allowed_length),
        cmocka_unit_test(credentials_are_what_the_server_checks),
        cmocka_unit_test(credentials_without_room_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
