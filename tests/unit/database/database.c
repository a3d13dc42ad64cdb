/* What can be tested without a server: refusals, silence, and what errors mean. tests/db has the rest. */
#include "database/database.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* A listener that never accepts: connections to it are made and then hear nothing. */
static int silent_server(int *port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof(address);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(fd, 5), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static void refused_connection_backs_off(void **state)
{
    (void)state;
    int port;
    close(silent_server(&port));
    char dsn[64];
    snprintf(dsn, sizeof(dsn), "host=127.0.0.1 port=%d", port);
    struct database *database = database_create(&(struct database_config){.dsn = dsn, .name = "test"});
    uint64_t deadline_us = clock_monotonic_us() + 5000000;
    while (database_message(database)[0] == '\0') {
        assert_true(clock_monotonic_us() < deadline_us);
        (void)database_wait(database, clock_monotonic_us() + 1000);
    }
    assert_non_null(strstr(database_message(database), "refused"));
    assert_null(strchr(database_message(database), '\n'));
    PGresult *result;
    assert_int_equal(database_query(database, "select 1", 0, NULL, &result), DATABASE_AWAY);
    database_destroy(database);
}

static void silent_host_gives_way_to_the_next(void **state)
{
    (void)state;
    int silent, refusing;
    int fd = silent_server(&silent);
    close(silent_server(&refusing));
    char dsn[64];
    snprintf(dsn, sizeof(dsn), "host=127.0.0.1,127.0.0.1 port=%d,%d", silent, refusing);
    struct database *database =
        database_create(&(struct database_config){.dsn = dsn, .name = "test", .connect_ms = 20});
    uint64_t deadline_us = clock_monotonic_us() + 5000000;
    while (!strstr(database_message(database), "refused")) {
        assert_true(clock_monotonic_us() < deadline_us);
        (void)database_wait(database, clock_monotonic_us() + 5000);
    }
    database_destroy(database);
    close(fd);
}

static void unparsable_string_is_told(void **state)
{
    (void)state;
    struct database *database = database_create(&(struct database_config){.dsn = "host", .name = "test"});
    assert_int_equal(database_advance(database, 1), DATABASE_DOWN);
    assert_true(strlen(database_message(database)) > 0);
    assert_true(database_wake_us(database) >= 1);
    database_destroy(database);
}

static void errors_say_what_to_do(void **state)
{
    (void)state;
    assert_int_equal(database_classify("08006"), DATABASE_AWAY);
    assert_int_equal(database_classify("57P01"), DATABASE_AWAY);
    assert_int_equal(database_classify("25006"), DATABASE_AWAY);
    assert_int_equal(database_classify("40P01"), DATABASE_RETRY);
    assert_int_equal(database_classify("57014"), DATABASE_RETRY);
    assert_int_equal(database_classify("42883"), DATABASE_BROKEN);
    assert_int_equal(database_classify("23514"), DATABASE_REJECTED);
    assert_int_equal(database_classify("22P02"), DATABASE_REJECTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refused_connection_backs_off),
        cmocka_unit_test(silent_host_gives_way_to_the_next),
        cmocka_unit_test(unparsable_string_is_told),
        cmocka_unit_test(errors_say_what_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
