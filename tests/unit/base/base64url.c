#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/base64url.h"

#include <errno.h>
#include <string.h>

static void encodes_as_rfc_4648_without_padding(void **state)
{
    (void)state;
    static const char *const expected[] = {"", "Zg", "Zm8", "Zm9v", "Zm9vYg", "Zm9vYmE", "Zm9vYmFy"};
    for (size_t len = 0; len < ARRAY_LEN(expected); len++) {
        char text[BASE64URL_TEXT_BYTES(6)];
        assert_string_equal(base64url_encode((const uint8_t *)"foobar", len, text), expected[len]);
        assert_int_equal(strlen(text) + 1, BASE64URL_TEXT_BYTES(len));
    }
    char text[BASE64URL_TEXT_BYTES(3)];
    assert_string_equal(base64url_encode((const uint8_t *)"\xFB\xEF\xFF", 3, text), "--__");
}

static void every_length_comes_back(void **state)
{
    (void)state;
    uint8_t bytes[64], back[64];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 37 + 200);
    for (size_t len = 0; len <= sizeof bytes; len++) {
        char text[BASE64URL_TEXT_BYTES(sizeof bytes)];
        size_t back_len = 99;
        base64url_encode(bytes, len, text);
        assert_int_equal(base64url_decode(text, strlen(text), back, len, &back_len), 0);
        assert_int_equal(back_len, len);
        assert_memory_equal(back, bytes, len);
        if (len > 0)
            assert_int_equal(base64url_decode(text, strlen(text), back, len - 1, &back_len), -EINVAL);
    }
}

static void refuses_what_is_no_base64url(void **state)
{
    (void)state;
    static const char *const bad[] = {"Z", "Zm9vY", "Zg==", "Zm8=", "Zm+v", "Zm/v", "Zm v", "Zh", "Zm9"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        uint8_t bytes[8];
        size_t len = 99;
        assert_int_equal(base64url_decode(bad[i], strlen(bad[i]), bytes, sizeof bytes, &len), -EINVAL);
        assert_int_equal(len, 99);
    }
    uint8_t bytes[8];
    size_t len = 99;
    assert_int_equal(base64url_decode("Zm\0v", 4, bytes, sizeof bytes, &len), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(encodes_as_rfc_4648_without_padding),
        cmocka_unit_test(every_length_comes_back),
        cmocka_unit_test(refuses_what_is_no_base64url),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
