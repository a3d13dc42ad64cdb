/* The enrolment file, and lists of endpoints and keys as people write them. */
#include "uplink/enrolment.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64], path[96], message[SETTINGS_MESSAGE_BYTES];

static int setup(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/natsweep-enrolment-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/enrolment.conf", folder);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static void test_what_is_saved_is_loaded(void **state)
{
    (void)state;
    struct enrolment saved = {.endpoint_count = 2, .key_count = DIRECTORY_KEYS_MAX}, loaded;
    snprintf(saved.endpoints[0], ENROLMENT_TEXT_BYTES, "tcp://collector.example:7700");
    snprintf(saved.endpoints[1], ENROLMENT_TEXT_BYTES, "tcp://[2001:db8::1]:7700");
    for (size_t i = 0; i < saved.key_count; i++)
        memset(saved.server_keys[i], (int)(i * 37), CURVE_KEY_BYTES);
    snprintf(saved.site, sizeof saved.site, "Bakery\n[evil] ;x");
    snprintf(saved.customer, sizeof saved.customer, "M\xc3\xbcller # Co = 1");
    assert_int_equal(enrolment_save(path, &saved), 0);
    struct stat status;
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(enrolment_load(path, &loaded, message), 0);
    assert_int_equal(loaded.endpoint_count, 2);
    assert_string_equal(loaded.endpoints[1], saved.endpoints[1]);
    assert_int_equal(loaded.key_count, saved.key_count);
    assert_memory_equal(loaded.server_keys, saved.server_keys, sizeof saved.server_keys);
    assert_string_equal(loaded.site, "Bakery [evil]  x");
    assert_string_equal(loaded.customer, saved.customer);
}

static void test_what_a_collector_says_is_learned_once(void **state)
{
    (void)state;
    char one[] = "tcp://one.example:4500", two[] = "tcp://two.example:4500";
    char *const both[] = {one, two};
    uint8_t key[CURVE_KEY_BYTES] = {7};
    const ProtobufCBinaryData keys[] = {{.len = sizeof key, .data = key}};
    struct enrolment enrolment = {0};
    assert_true(enrolment_learn_endpoints(&enrolment, both, 2));
    assert_false(enrolment_learn_endpoints(&enrolment, both, 2));
    assert_true(enrolment_learn_endpoints(&enrolment, both + 1, 1));
    assert_string_equal(enrolment.endpoints[0], two);
    assert_true(enrolment_learn_keys(&enrolment, keys, 1));
    assert_false(enrolment_learn_keys(&enrolment, keys, 1));
    assert_int_equal(enrolment_save(path, &enrolment), 0);
    struct enrolment loaded;
    assert_int_equal(enrolment_load(path, &loaded, message), 0);
    assert_false(enrolment_learn_keys(&loaded, keys, 1));
}

static void test_what_the_file_could_not_hold_is_not_learned(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "", "udp://a:1", "tcp://a", "tcp://a:1,tcp://b:2", "tcp://a:1\nsite = x", "tcp://a:1 ;"};
    char good[] = "tcp://one.example:4500";
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        struct enrolment enrolment = {0};
        char copy[64];
        snprintf(copy, sizeof copy, "%s", bad[i]);
        char *const list[] = {good, copy};
        assert_false(enrolment_learn_endpoints(&enrolment, list, 2));
        assert_int_equal(enrolment.endpoint_count, 0);
    }
    struct enrolment enrolment = {0};
    assert_false(enrolment_learn_endpoints(&enrolment, NULL, 0));
    assert_false(enrolment_learn_keys(&enrolment, NULL, 0));
}

static void test_a_missing_file_means_never_enrolled(void **state)
{
    (void)state;
    struct enrolment enrolment;
    assert_int_equal(enrolment_load(path, &enrolment, message), -ENOENT);
}

static void test_bad_lists_are_refused_by_name(void **state)
{
    (void)state;
    struct enrolment enrolment;
    assert_int_equal(enrolment_set_endpoints(&enrolment, "tcp://a:1,udp://b:2", message), -EINVAL);
    assert_non_null(strstr(message, "udp://b:2"));
    assert_int_equal(enrolment_set_endpoints(&enrolment, "tcp://noport", message), -EINVAL);
    assert_int_equal(enrolment_set_endpoints(&enrolment, "", message), -EINVAL);
    assert_int_equal(enrolment_set_endpoints(&enrolment,
                                             "tcp://a:1,tcp://a:1,tcp://a:1,tcp://a:1,tcp://a:1,tcp://a:1,tcp://a:1,"
                                             "tcp://a:1,tcp://a:1",
                                             message),
                     -EINVAL);
    assert_int_equal(enrolment_set_keys(&enrolment, "tooshort", message), -EINVAL);
    assert_non_null(strstr(message, "tooshort"));
    assert_int_equal(enrolment_set_keys(&enrolment, " , ", message), -EINVAL);
}

static void test_lists_may_have_spaces(void **state)
{
    (void)state;
    struct enrolment enrolment;
    assert_int_equal(enrolment_set_endpoints(&enrolment, " tcp://a:1 , tcp://b:2", message), 0);
    assert_int_equal(enrolment.endpoint_count, 2);
    assert_string_equal(enrolment.endpoints[1], "tcp://b:2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_saved_is_loaded, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_a_collector_says_is_learned_once, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_the_file_could_not_hold_is_not_learned, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_missing_file_means_never_enrolled, setup, teardown),
        cmocka_unit_test(test_bad_lists_are_refused_by_name),
        cmocka_unit_test(test_lists_may_have_spaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
