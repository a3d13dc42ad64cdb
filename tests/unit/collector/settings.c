#include "collector/settings.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct collector_settings settings;
static char message[SETTINGS_MESSAGE_BYTES];

static int load(const char *text)
{
    char path[] = "/tmp/natsweep-settings-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    message[0] = '\0';
    int error = collector_settings_load(path, &settings, message);
    unlink(path);
    return error;
}

static void defaults_need_an_address_to_tell(void **state)
{
    (void)state;
    assert_int_equal(load("[collector]\nname = one\n"), -EINVAL);
    assert_non_null(strstr(message, "collector.advertise must say"));
}

static void what_is_told_is_what_is_listened_on(void **state)
{
    (void)state;
    assert_int_equal(load("[collector]\nlisten = tcp://192.0.2.1:4500\nlisten_enroll = tcp://192.0.2.1:4501\n"), 0);
    assert_string_equal(settings.agents_advertise, "tcp://192.0.2.1:4500");
    assert_string_equal(settings.enroll_advertise, "tcp://192.0.2.1:4501");
    assert_string_equal(settings.name, "collector");
    assert_int_equal(settings.heartbeat_ms, 15000);
}

static void what_is_told_may_differ(void **state)
{
    (void)state;
    assert_int_equal(load("[collector]\nadvertise = tcp://one.example:1\nadvertise = tcp://two.example:2\n"
                          "advertise_enroll = tcp://one.example:3\n"),
                     0);
    assert_string_equal(settings.agents_advertise, "tcp://one.example:1,tcp://two.example:2");
    assert_string_equal(settings.agents_listen, "tcp://*:4500");
}

static void every_wildcard_is_found(void **state)
{
    (void)state;
    static const char *const wildcards[] = {"tcp://*:1", "tcp://0.0.0.0:1", "tcp://[::]:1"};
    for (size_t i = 0; i < sizeof(wildcards) / sizeof(wildcards[0]); i++) {
        char text[256];
        snprintf(text, sizeof(text), "[collector]\nlisten = %s\nlisten_enroll = tcp://192.0.2.1:2\n", wildcards[i]);
        assert_int_equal(load(text), -EINVAL);
        snprintf(text, sizeof(text), "[collector]\nlisten = tcp://192.0.2.1:2\nlisten_enroll = %s\n", wildcards[i]);
        assert_int_equal(load(text), -EINVAL);
        assert_non_null(strstr(message, "advertise_enroll"));
    }
}

static void no_enrolment_is_fine(void **state)
{
    (void)state;
    assert_int_equal(load("[collector]\nlisten = tcp://192.0.2.1:4500\nlisten_enroll =\n"), 0);
    assert_string_equal(settings.enroll_advertise, "");
}

static void bad_words_are_named(void **state)
{
    (void)state;
    assert_int_equal(load("[collector]\nlisten = tcp://192.0.2.1:1\nlog_level = loud\n"), -EINVAL);
    assert_non_null(strstr(message, "'loud'"));
    assert_int_equal(load("[collector]\nlisten = tcp://192.0.2.1:1\nname =\n"), -EINVAL);
    assert_non_null(strstr(message, "collector.name"));
}

static void who_may_watch_is_an_address(void **state)
{
    (void)state;
    static const char text[] = "[collector]\nlisten = tcp://192.0.2.1:1\nlisten_enroll =\n[watch]\nlisten = %s\n";
    char file[256];
    assert_int_equal(load("[collector]\nlisten = tcp://192.0.2.1:1\nlisten_enroll =\n"), 0);
    assert_true(address_is_loopback(&settings.watch_address));
    snprintf(file, sizeof(file), text, "[::1]:9100");
    assert_int_equal(load(file), 0);
    assert_int_equal(settings.watch_address.port, 9100);
    snprintf(file, sizeof(file), text, "");
    assert_int_equal(load(file), 0);
    assert_false(address_known(&settings.watch_address));
    snprintf(file, sizeof(file), text, "localhost");
    assert_int_equal(load(file), -EINVAL);
    assert_non_null(strstr(message, "watch.listen is 'localhost'"));
    snprintf(file, sizeof(file), text, "127.0.0.1");
    assert_int_equal(load(file), -EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_need_an_address_to_tell),
        cmocka_unit_test(what_is_told_is_what_is_listened_on),
        cmocka_unit_test(what_is_told_may_differ),
        cmocka_unit_test(every_wildcard_is_found),
        cmocka_unit_test(no_enrolment_is_fine),
        cmocka_unit_test(bad_words_are_named),
        cmocka_unit_test(who_may_watch_is_an_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
