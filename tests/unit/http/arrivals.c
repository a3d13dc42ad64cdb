#include "http/arrivals.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define PLACES (ARRIVALS_FREE_PLACES + 10)
#define SLOW_CLIENTS 100
#define BEGIN "GET / HTTP/1.1\r\nHost: x\r\nX"
#define BODY_BEGIN "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
#define WHOLE "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
#define WAIT_MS 10
#define TRIES 500
#define S UINT64_C(1000000)

/* A server whose time only the test moves. A request for /wait is answered when the test resumes it. */
static struct arrivals arrivals;
static struct MHD_Daemon *server;
static struct MHD_Connection *suspended;
static uint64_t now_us;

static enum MHD_Result handle(void *context, struct MHD_Connection *http, const char *url, const char *method,
                              const char *version, const char *bytes, size_t *len, void **seen)
{
    (void)context, (void)method, (void)version, (void)bytes;
    if (!*seen) {
        *seen = &arrivals;
        arrivals_headers(&arrivals, http);
        return MHD_YES;
    }
    if (*len > 0) {
        *len = 0;
        return MHD_YES;
    }
    arrivals_whole(http);
    if (strcmp(url, "/wait") == 0 && !suspended) {
        suspended = http;
        MHD_suspend_connection(http);
        return MHD_YES;
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(2, (void *)"ok", MHD_RESPMEM_PERSISTENT);
    enum MHD_Result queued = MHD_queue_response(http, MHD_HTTP_OK, response);
    MHD_destroy_response(response);
    return queued;
}

static void completed(void *context, struct MHD_Connection *http, void **seen, enum MHD_RequestTerminationCode why)
{
    (void)context, (void)seen, (void)why;
    arrivals_over(&arrivals, http);
}

static int start(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    (void)state;
    suspended = NULL;
    arrivals_init(&arrivals, PLACES, now_us);
    server =
        MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, NULL, MHD_OPTION_SOCK_ADDR,
                         &address, MHD_OPTION_NOTIFY_COMPLETED, completed, NULL, MHD_OPTION_NOTIFY_CONNECTION,
                         arrivals_notify, &arrivals, MHD_OPTION_CONNECTION_LIMIT, PLACES, MHD_OPTION_END);
    assert_non_null(server);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    MHD_stop_daemon(server);
    assert_int_equal(arrivals.count, 0);
    assert_true(list_empty(&arrivals.sending));
    return 0;
}

static void serve(void)
{
    arrivals_advance(&arrivals, now_us);
    assert_int_equal(MHD_run(server), MHD_YES);
}

static int client(void)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET,
        .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
        .sin_port = htons(MHD_get_daemon_info(server, MHD_DAEMON_INFO_BIND_PORT)->port),
    };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    serve();
    return fd;
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
    serve();
}

static bool readable(int fd, int wait_ms)
{
    struct pollfd item = {.fd = fd, .events = POLLIN};
    serve();
    return poll(&item, 1, wait_ms) == 1;
}

static void assert_open(int fd)
{
    assert_false(readable(fd, WAIT_MS));
}

/* The next bytes, or 0 at the end of the connection. */
static ssize_t hear(int fd)
{
    char bytes[1024];
    for (int i = 0; i < TRIES; i++)
        if (readable(fd, WAIT_MS))
            return recv(fd, bytes, sizeof(bytes), 0);
    fail_msg("neither an answer nor an end");
    return -1;
}

static void assert_shut(int fd)
{
    ssize_t got = hear(fd);
    assert_true(got == 0 || (got < 0 && errno == ECONNRESET)); /* a reset when something was left unread */
}

static void drips_do_not_prolong_headers(void **state)
{
    (void)state;
    int fd = client();
    say(fd, BEGIN);
    for (int i = 0; i < 3; i++) {
        now_us += 9 * S;
        say(fd, "x");
        assert_open(fd);
    }
    now_us += 3 * S - 1;
    assert_open(fd);
    assert_int_equal(arrivals_wake_us(&arrivals), now_us + 1);
    now_us++;
    assert_shut(fd);
    assert_int_equal(arrivals_wake_us(&arrivals), UINT64_MAX);
    close(fd);
}

static void nor_a_body(void **state)
{
    (void)state;
    int fd = client();
    now_us += 20 * S;
    say(fd, BODY_BEGIN);
    say(fd, "x");
    now_us += 10 * S - 1;
    assert_open(fd);
    now_us++;
    assert_shut(fd);
    close(fd);
}

static void silence_is_no_request(void **state)
{
    (void)state;
    int fd = client();
    now_us += 30 * S;
    assert_shut(fd);
    close(fd);
}

static void who_waits_for_an_answer_may_wait(void **state)
{
    (void)state;
    int fd = client();
    say(fd, "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    for (int i = 0; i < TRIES && !suspended; i++)
        assert_open(fd);
    now_us += 300 * S;
    assert_open(fd);
    MHD_resume_connection(suspended);
    assert_true(hear(fd) > 0);
    close(fd);
}

static void each_request_has_its_time(void **state)
{
    (void)state;
    int fd = client();
    say(fd, WHOLE);
    assert_true(hear(fd) > 0);
    now_us += 29 * S;
    say(fd, BODY_BEGIN);
    now_us += 29 * S;
    say(fd, "123456789");
    assert_true(hear(fd) > 0);
    now_us += 20 * S;
    say(fd, BODY_BEGIN);
    now_us += 30 * S;
    assert_shut(fd);
    close(fd);
}

static void the_slowest_makes_way(void **state)
{
    (void)state;
    int waiting = client(), slow[SLOW_CLIENTS];
    say(waiting, "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    for (int i = 0; i < TRIES && !suspended; i++)
        assert_open(waiting);
    for (int i = 0; i < SLOW_CLIENTS; i++) {
        slow[i] = client();
        say(slow[i], BEGIN);
    }
    int fd = client();
    say(fd, WHOLE);
    assert_true(hear(fd) > 0);
    assert_shut(slow[0]);
    assert_open(slow[SLOW_CLIENTS - 1]);
    MHD_resume_connection(suspended);
    assert_true(hear(waiting) > 0);
    for (int i = 0; i < SLOW_CLIENTS; i++)
        close(slow[i]);
    close(waiting);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(drips_do_not_prolong_headers, start, stop),
        cmocka_unit_test_setup_teardown(nor_a_body, start, stop),
        cmocka_unit_test_setup_teardown(silence_is_no_request, start, stop),
        cmocka_unit_test_setup_teardown(who_waits_for_an_answer_may_wait, start, stop),
        cmocka_unit_test_setup_teardown(each_request_has_its_time, start, stop),
        cmocka_unit_test_setup_teardown(the_slowest_makes_way, start, stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
