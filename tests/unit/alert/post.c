#include "alert/post.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What comes of an attempt that can never leave this host. */
static struct post_result try_url(const char *url, bool private_allowed)
{
    const struct post_event event = {.delivery_id = "b6b1c0de-0000-4000-8000-000000000001",
                                     .event = "test",
                                     .attempt = "1",
                                     .url = url,
                                     .body = "{}",
                                     .secret = (const uint8_t *)"secret",
                                     .secret_bytes = 6,
                                     .private_allowed = private_allowed};
    struct post_result result;
    struct post *post = post_create(&event, NULL, 1700000000);
    assert_non_null(post);
    assert_string_equal(post_delivery_id(post), event.delivery_id);
    post_result(post, curl_easy_perform(post_handle(post)), &result);
    assert_false(result.arrived);
    assert_int_equal(result.status, 0);
    post_destroy(post);
    return result;
}

static void private_addresses_are_never_connected_to(void **state)
{
    (void)state;
    const struct post_result result = try_url("https://127.0.0.1:1/", false);
    assert_true(result.forbidden);
    assert_string_equal(result.error, "127.0.0.1 is no address of the public internet; an administrator can allow it");
    assert_true(try_url("https://2130706433:1/", false).forbidden);
    assert_true(try_url("https://0x7f.1:1/", false).forbidden);
    assert_true(try_url("https://[::1]:1/", false).forbidden);
    assert_true(try_url("https://[::ffff:127.0.0.1]:1/", false).forbidden);
}

static void unless_allowed(void **state)
{
    (void)state;
    const struct post_result result = try_url("https://127.0.0.1:1/", true); /* where nobody listens */
    assert_false(result.forbidden);
    assert_true(strlen(result.error) > 0);
}

static void only_https_is_spoken(void **state)
{
    (void)state;
    static const char *const urls[] = {"http://127.0.0.1:1/", "ftp://127.0.0.1:1/", "file:///etc/passwd",
                                       "gopher://127.0.0.1:1/"};
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        const struct post_result result = try_url(urls[i], true);
        assert_non_null(strstr(result.error, "rotocol"));
    }
}

static void errors_are_one_line(void **state)
{
    (void)state;
    const struct post_result result = try_url("https://exa\nmple.net/", true);
    assert_null(strchr(result.error, '\n'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(private_addresses_are_never_connected_to),
                                       cmocka_unit_test(unless_allowed), cmocka_unit_test(only_https_is_spoken),
                                       cmocka_unit_test(errors_are_one_line)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
