#include "watch/watch.h"

#include "base/clock.h"

#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define ANSWER_BYTES 65536

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

/* A port of loopback that nobody held a moment ago. */
static struct address free_address(void)
{
    struct address address;
    struct sockaddr_storage storage;
    assert_int_equal(address_parse("127.0.0.1:0", &address), 0);
    socklen_t len = address_to_sockaddr(&address, &storage);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&storage, len), 0);
    len = sizeof(storage);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&storage, &len), 0);
    close(fd);
    return address_from_sockaddr((struct sockaddr *)&storage);
}

/* No database is there: nobody listens on that socket. */
static int start(void **state)
{
    static struct running running;
    running = (struct running){.address = free_address(), .stop_fd = eventfd(0, EFD_CLOEXEC)};
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

/* Connects as soon as somebody listens. */
static int connect_to(const struct address *address)
{
    struct sockaddr_storage storage;
    socklen_t len = address_to_sockaddr(address, &storage);
    uint64_t deadline_us = clock_monotonic_us() + 30000000u;
    for (;;) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&storage, len) == 0)
            return fd;
        close(fd);
        assert_true(clock_monotonic_us() < deadline_us);
        (void)poll(NULL, 0, 10);
    }
}

static const char *ask(const struct running *running, const char *method, const char *path)
{
    char request[256];
    size_t len = 0;
    int fd = connect_to(&running->address);
    snprintf(request, sizeof(request), "%s %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc",
             method, path);
    assert_int_equal(send(fd, request, strlen(request), 0), strlen(request));
    for (ssize_t got; len < sizeof(answer) - 1 && (got = recv(fd, answer + len, sizeof(answer) - 1 - len, 0)) > 0;)
        len += (size_t)got;
    answer[len] = '\0';
    close(fd);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(health_follows_the_threads),
        cmocka_unit_test(metrics_need_no_database),
        cmocka_unit_test(nothing_else_is_served),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
