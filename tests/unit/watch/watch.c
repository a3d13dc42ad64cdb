#include "watch/watch.h"

#include "base/clock.h"
#include "fake/http_client.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#define ANSWER_BYTES 65536
#define SLOW_CLIENTS 100
#define IDLE_US UINT64_C(9000000) /* before libmicrohttpd itself gives idle clients up */

static struct tallies tallies;
static char answer[ANSWER_BYTES];

struct running {
    struct watch *watch;
    struct address address;
    pthread_t thread;
    int stop_fd;
};

static void *run(void *argument)
{
    watch_run(argument);
    return NULL;
}

/* No database is there: nobody listens on that socket. */
static int start(void **state)
{
    static struct running running;
    running = (struct running){.address = http_client_free_address(), .stop_fd = eventfd(0, EFD_CLOEXEC)};
    running.watch = watch_create(&(struct watch_config){.listen = running.address,
                                                        .dsn = "host=/nonexistent dbname=none",
                                                        .tallies = &tallies,
                                                        .stop_fd = running.stop_fd});
    assert_non_null(running.watch);
    assert_int_equal(pthread_create(&running.thread, NULL, run, running.watch), 0);
    *state = &running;
    return 0;
}

static int stop(void **state)
{
    struct running *running = *state;
    assert_int_equal(eventfd_write(running->stop_fd, 1), 0);
    pthread_join(running->thread, NULL);
    watch_destroy(running->watch);
    close(running->stop_fd);
    return 0;
}

static const char *ask(const struct running *running, const char *method, const char *path)
{
    char request[256];
    snprintf(request, sizeof(request), "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc",
             method, path);
    http_client_ask(&running->address, request, strlen(request), answer, sizeof(answer));
    return answer;
}

static void begins_with(const char *text, const char *prefix)
{
    assert_memory_equal(text, prefix, strlen(prefix));
}

static void health_follows_the_threads(void **state)
{
    begins_with(ask(*state, "GET", "/healthz"), "HTTP/1.1 503");
    tallies_beat(&tallies, PULSE_GATEWAY, clock_monotonic_us());
    tallies_beat(&tallies, PULSE_CONTROL, clock_monotonic_us());
    begins_with(ask(*state, "GET", "/healthz"), "HTTP/1.1 200");
    begins_with(ask(*state, "GET", "/readyz"), "HTTP/1.1 503");
    tallies_set(&tallies, TALLY_SELF_TEST, 1);
    tallies_set(&tallies, TALLY_DATABASE_CONTROL, 1);
    tallies_set(&tallies, TALLY_LEASE, 1);
    begins_with(ask(*state, "GET", "/readyz"), "HTTP/1.1 200");
}

static void metrics_need_no_database(void **state)
{
    tallies_set(&tallies, TALLY_AGENTS, 42);
    const char *text = ask(*state, "GET", "/metrics");
    begins_with(text, "HTTP/1.1 200");
    assert_non_null(strstr(text, "text/plain; version=0.0.4"));
    assert_non_null(strstr(text, "\nnatsweep_agents_connected 42\n"));
    assert_non_null(strstr(text, "\nnatsweep_database_up{thread=\"watch\"} 0\n"));
    assert_non_null(strstr(text, "\nnatsweep_build_info{version=\"" NATSWEEP_VERSION "\"} 1\n"));
}

static void nothing_else_is_served(void **state)
{
    begins_with(ask(*state, "GET", "/"), "HTTP/1.1 404");
    begins_with(ask(*state, "GET", "/metrics/../../etc/passwd"), "HTTP/1.1 404");
    begins_with(ask(*state, "POST", "/metrics"), "HTTP/1.1 405");
    begins_with(ask(*state, "HEAD", "/healthz"), "HTTP/1.1 ");
    assert_null(strstr(answer, "alive"));
}

/* More than there is room for, none of them with a whole request: the one that has waited for longest makes way. */
static void slow_clients_shut_nobody_out(void **state)
{
    const struct running *running = *state;
    int slow[SLOW_CLIENTS];
    http_client_dawdle(&running->address, slow, SLOW_CLIENTS);
    uint64_t asked_us = clock_monotonic_us();
    begins_with(ask(running, "GET", "/healthz"), "HTTP/1.1 ");
    assert_true(clock_monotonic_us() - asked_us < IDLE_US);
    for (size_t i = 0; i < SLOW_CLIENTS; i++)
        close(slow[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(health_follows_the_threads),
        cmocka_unit_test(metrics_need_no_database),
        cmocka_unit_test(nothing_else_is_served),
        cmocka_unit_test(slow_clients_shut_nobody_out),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
