#include "dashboard/dashboard.h"

#include "base/clock.h"
#include "dashboard/call.h"
#include "fake/http_client.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define SLOW_CLIENTS 1100 /* more than the dashboard has places */
#define DESCRIPTORS (SLOW_CLIENTS + 300)
#define IDLE_US UINT64_C(25000000) /* before libmicrohttpd itself gives idle clients up */

static struct dashboard_settings settings;
static char answer[65536];
static pid_t dashboard;

/* A process of its own, as its signals are; no database is there. */
static int start(void **state)
{
    char message[SETTINGS_MESSAGE_BYTES];
    struct rlimit limit;
    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = limit.rlim_max < DESCRIPTORS ? limit.rlim_max : DESCRIPTORS;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(dashboard_settings_load("/dev/null", &settings, message), 0);
    settings.address = http_client_free_address();
    dashboard = fork();
    assert_true(dashboard >= 0);
    if (dashboard > 0)
        return 0;
    _exit(dashboard_run(&settings));
}

static int stop(void **state)
{
    int status = 0;
    (void)state;
    kill(dashboard, SIGTERM);
    assert_int_equal(waitpid(dashboard, &status, 0), dashboard);
    assert_int_equal(status, 0);
    return 0;
}

/* Posts a body of so many bytes as a stranger. */
static void post(const char *path, size_t len)
{
    static char request[16384];
    int head = snprintf(
        request, sizeof(request),
        "POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Sign-In: 1\r\nContent-Length: %zu\r\n\r\n", path, len);
    memset(request + head, 'x', len);
    http_client_ask(&settings.address, request, (size_t)head + len, answer, sizeof(answer));
}

static void assert_answer(const char *status)
{
    assert_memory_equal(answer, status, strlen(status));
}

static void assert_healthy(void)
{
    static const char request[] = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    http_client_ask(&settings.address, request, sizeof(request) - 1, answer, sizeof(answer));
    assert_answer("HTTP/1.1 200");
}

static void slow_clients_shut_nobody_out(void **state)
{
    static int slow[SLOW_CLIENTS];
    (void)state;
    http_client_dawdle(&settings.address, slow, SLOW_CLIENTS);
    uint64_t asked_us = clock_monotonic_us();
    assert_healthy();
    assert_true(clock_monotonic_us() - asked_us < IDLE_US);
    for (size_t i = 0; i < SLOW_CLIENTS; i++)
        close(slow[i]);
    assert_healthy();
}

static void a_stranger_may_send_little(void **state)
{
    (void)state;
    post("/api/sign-in", CALL_STRANGER_BODY_BYTES_MAX);
    assert_answer("HTTP/1.1 401"); /* a form without a name */
    post("/api/sign-in", CALL_STRANGER_BODY_BYTES_MAX + 1);
    assert_answer("HTTP/1.1 413");
    post("/nothing", CALL_STRANGER_BODY_BYTES_MAX + 1);
    assert_answer("HTTP/1.1 413");
}

static void a_long_change_without_session_is_signed_out(void **state)
{
    (void)state;
    post("/api/sweep", CALL_STRANGER_BODY_BYTES_MAX + 1);
    assert_answer("HTTP/1.1 401");
}

/* A proxy and we must not differ about where a request ends: no second request may hide in its body. */
static void a_request_has_one_end(void **state)
{
    static const char *const unclear[] = {
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 0",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
    };
    (void)state;
    for (size_t i = 0; i < sizeof unclear / sizeof unclear[0]; i++) {
        char request[512];
        int len = snprintf(request, sizeof request,
                           "POST /api/sign-in HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n0\r\n\r\n"
                           "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                           unclear[i]);
        http_client_ask(&settings.address, request, (size_t)len, answer, sizeof(answer));
        assert_answer("HTTP/1.1 400");
        assert_null(strstr(answer, "HTTP/1.1 200"));
    }
}

static void a_body_may_come_in_chunks(void **state)
{
    static const char request[] = "POST /api/sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Sign-In: 1\r\n"
                                  "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n";
    (void)state;
    http_client_ask(&settings.address, request, sizeof(request) - 1, answer, sizeof(answer));
    assert_answer("HTTP/1.1 401");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slow_clients_shut_nobody_out),
        cmocka_unit_test(a_stranger_may_send_little),
        cmocka_unit_test(a_long_change_without_session_is_signed_out),
        cmocka_unit_test(a_request_has_one_end),
        cmocka_unit_test(a_body_may_come_in_chunks),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
