#include "dashboard/settings.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct dashboard_settings settings;
static char message[SETTINGS_MESSAGE_BYTES];

static int load(const char *text)
{
    char path[] = "/tmp/natsweep-settings-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
    message[0] = '\0';
    int error = dashboard_settings_load(path, &settings, message);
    unlink(path);
    return error;
}

static void defaults_are_on_loopback(void **state)
{
    (void)state;
    assert_int_equal(load(""), 0);
    assert_true(address_is_loopback(&settings.address));
    assert_int_equal(settings.address.port, 8480);
    assert_false(settings.behind_tls);
    assert_int_equal(settings.connections_max, 3);
}

static void nobody_is_named_in_the_dsn(void **state)
{
    (void)state;
    assert_int_equal(load("[database]\ndsn = host=db.example dbname=natsweep sslmode=verify-full\n"), 0);
    assert_int_equal(load("[database]\ndsn = host=db.example user=adam\n"), -EINVAL);
    assert_non_null(strstr(message, "must not have 'user'"));
    assert_int_equal(load("[database]\ndsn = postgresql://:secret@db.example/natsweep\n"), -EINVAL);
    assert_non_null(strstr(message, "must not have 'password'"));
    assert_null(strstr(message, "secret"));
    assert_int_equal(load("[database]\ndsn = passfile=/root/.pgpass\n"), -EINVAL);
    assert_int_equal(load("[database]\ndsn = options=-crow_security=off\n"), -EINVAL);
}

static void a_proxy_is_an_address(void **state)
{
    (void)state;
    assert_int_equal(load(""), 0);
    assert_false(address_known(&settings.proxy_address));
    assert_int_equal(load("[dashboard]\nproxy = ::1\n"), 0);
    assert_true(address_is_loopback(&settings.proxy_address));
    assert_int_equal(load("[dashboard]\nproxy = 127.0.0.1:443\n"), -EINVAL);
    assert_int_equal(load("[dashboard]\nproxy = proxy.example\n"), -EINVAL);
    assert_non_null(strstr(message, "proxy.example"));
}

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    assert_int_equal(load("[database]\ndsn = hots=db.example\n"), -EINVAL);
    assert_non_null(strstr(message, "hots"));
    assert_int_equal(load("[dashboard]\nlisten = localhost\n"), -EINVAL);
    assert_non_null(strstr(message, "localhost"));
    assert_int_equal(load("[dashboard]\nlog_level = loud\n"), -EINVAL);
    assert_non_null(strstr(message, "loud"));
    assert_true(load("[session]\nconnections = 9\n") != 0);
    assert_non_null(strstr(message, "session.connections"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_on_loopback),
        cmocka_unit_test(nobody_is_named_in_the_dsn),
        cmocka_unit_test(a_proxy_is_an_address),
        cmocka_unit_test(what_is_wrong_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
