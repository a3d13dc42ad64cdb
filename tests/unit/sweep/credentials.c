#include "sweep/credentials.h"
#include "stun/attribute.h"
#include "stun/message.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static size_t challenge(uint8_t *bytes, size_t capacity, const char *nonce)
{
    static const uint8_t id[STUN_TRANSACTION_ID_BYTES] = {1};
    struct stun_writer writer;
    stun_writer_begin(&writer, bytes, capacity, STUN_ERROR, STUN_BINDING, id);
    stun_write_error_code(&writer, 401, "Unauthorized");
    stun_writer_attribute(&writer, STUN_REALM, "realm", 5);
    if (nonce != NULL)
        stun_writer_attribute(&writer, STUN_NONCE, nonce, strlen(nonce));
    int len = stun_writer_finish(&writer);
    assert_true(len > 0);
    return (size_t)len;
}

static int take(struct credentials *credentials, uint32_t identity, const char *nonce)
{
    uint8_t bytes[256];
    struct stun_message message;
    size_t len = challenge(bytes, sizeof(bytes), nonce);
    assert_int_equal(stun_message_parse(bytes, len, &message), 0);
    return credentials_challenged(credentials, identity, &message);
}

/* The nonce in a request that `identity` signed; empty when it was not signed. */
static void signed_nonce(struct credentials *credentials, uint32_t identity, char nonce[32])
{
    static const uint8_t id[STUN_TRANSACTION_ID_BYTES] = {2};
    uint8_t bytes[512];
    struct stun_writer writer;
    struct stun_message message;
    const uint8_t *value;
    size_t len;
    stun_writer_begin(&writer, bytes, sizeof(bytes), STUN_REQUEST, STUN_BINDING, id);
    credentials_sign(credentials, identity, &writer);
    int written = stun_writer_finish(&writer);
    assert_true(written > 0);
    assert_int_equal(stun_message_parse(bytes, (size_t)written, &message), 0);
    nonce[0] = '\0';
    if (stun_attribute_find(&message, STUN_NONCE, &value, &len) != 0)
        return;
    assert_int_equal(credentials_verify(credentials, &message), 0); /* the key is the same both ways */
    memcpy(nonce, value, len);
    nonce[len] = '\0';
}

static void each_identity_has_its_own_nonce(void **state)
{
    (void)state;
    struct credentials *credentials = credentials_create("user", "secret", 3);
    char nonce[32];
    assert_non_null(credentials);
    assert_int_equal(take(credentials, 0, "first"), 0);
    assert_int_equal(take(credentials, 1, "a longer second"), 0);
    assert_int_equal(take(credentials, 0, "renewed"), 0);
    signed_nonce(credentials, 0, nonce);
    assert_string_equal(nonce, "renewed");
    signed_nonce(credentials, 1, nonce);
    assert_string_equal(nonce, "a longer second");
    signed_nonce(credentials, 2, nonce);
    assert_string_equal(nonce, "");
    credentials_forget(credentials, 1);
    assert_false(credentials_known(credentials, 1));
    signed_nonce(credentials, 1, nonce);
    assert_string_equal(nonce, "");
    credentials_destroy(credentials);
}

static void a_challenge_without_nonce_is_refused(void **state)
{
    (void)state;
    struct credentials *credentials = credentials_create("user", "secret", 1);
    assert_non_null(credentials);
    assert_int_equal(take(credentials, 0, NULL), -EBADMSG);
    assert_false(credentials_known(credentials, 0));
    credentials_destroy(credentials);
}

static void no_user_is_no_credentials(void **state)
{
    (void)state;
    struct credentials *credentials = credentials_create("", "", 1);
    assert_non_null(credentials);
    assert_false(credentials_given(credentials));
    credentials_destroy(credentials);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_identity_has_its_own_nonce),
        cmocka_unit_test(a_challenge_without_nonce_is_refused),
        cmocka_unit_test(no_user_is_no_credentials),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
