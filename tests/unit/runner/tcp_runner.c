/* The TCP runner against servers on loopback that do not do their part: how each shows in the report. */
#include "runner/tcp_runner.h"

#include "net/tcp_socket.h"
#include "stun/attribute.h"
#include "stun/auth.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LOOPBACK                                                                                                       \
    {                                                                                                                  \
        127, 0, 0, 1                                                                                                   \
    }

static struct bed {
    struct plan plan;
    struct report *report;
    struct address server;
    struct runner_hooks hooks;
    int listen_fd;
    bool cancelled, answered;
} bed;

/* A server whose kernel takes connections; nobody reads or answers. */
static void listen_somewhere(void)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof name;
    bed.listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(bed.listen_fd >= 0);
    assert_int_equal(bind(bed.listen_fd, (const struct sockaddr *)&name, len), 0);
    assert_int_equal(listen(bed.listen_fd, 4), 0);
    assert_int_equal(getsockname(bed.listen_fd, (struct sockaddr *)&name, &len), 0);
    bed.server = (struct address){.family = 4, .port = ntohs(name.sin_port), .ip = LOOPBACK};
}

static int setup(void **state)
{
    (void)state;
    bed = (struct bed){.plan = {.family = 4, .seed = 7, .user = "1:agent", .password = "secret"}};
    bed.plan.local_address = (struct address){.family = 4, .ip = LOOPBACK};
    bed.hooks.cancel_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    bed.report = report_create(2, 0);
    assert_non_null(bed.report);
    bed.report->ports[0] = (struct port_result){.port = 5060, .transport = TRANSPORT_UDP, .verdict = VERDICT_PASS};
    bed.report->ports[1] = (struct port_result){.port = 5061, .transport = TRANSPORT_TCP};
    listen_somewhere();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    assert_int_equal(bed.report->ports[0].verdict, VERDICT_PASS); /* UDP is none of its business */
    report_free(bed.report);
    close(bed.hooks.cancel_fd);
    return close(bed.listen_fd);
}

static const struct port_result *run(void)
{
    assert_int_equal(tcp_runner_run(&bed.plan, &bed.server, &bed.hooks, bed.report, &bed.cancelled, &bed.answered), 0);
    return &bed.report->ports[1];
}

static void a_server_that_refuses_is_said_so(void **state)
{
    (void)state;
    assert_int_equal(shutdown(bed.listen_fd, SHUT_RDWR), 0); /* keeps the port and turns everybody away */
    const struct port_result *result = run();
    assert_int_equal(result->verdict, VERDICT_UNREACHABLE);
    assert_int_equal(result->reason, REASON_PORT_UNREACHABLE);
    assert_int_equal(result->reached, TRI_NO);
    assert_false(bed.answered);
    assert_false(bed.cancelled);
}

static void a_cancel_ends_the_wait_for_a_silent_server(void **state)
{
    (void)state;
    assert_int_equal(eventfd_write(bed.hooks.cancel_fd, 1), 0);
    const struct port_result *result = run();
    assert_int_equal(result->verdict, VERDICT_NOT_TESTED);
    assert_int_equal(result->reason, REASON_CANCELLED);
    assert_true(bed.cancelled);
    assert_false(bed.answered);
}

/* What epoll is open, which is the runner's own, is closed under it. */
static void close_epoll(void *argument, const struct sweep_progress *progress)
{
    (void)argument;
    (void)progress;
    for (int fd = 3; fd < 64; fd++) {
        char path[32], target[32] = {0};
        (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        if (readlink(path, target, sizeof target - 1) > 0 && strcmp(target, "anon_inode:[eventpoll]") == 0)
            close(fd);
    }
}

static void a_loop_that_breaks_leaves_the_ports_untested(void **state)
{
    (void)state;
    bed.hooks.progress = close_epoll;
    int rc = tcp_runner_run(&bed.plan, &bed.server, &bed.hooks, bed.report, &bed.cancelled, &bed.answered);
    assert_int_equal(rc, -EBADF);
    assert_int_equal(bed.report->ports[1].verdict, VERDICT_NOT_TESTED);
    assert_int_equal(bed.report->ports[1].reason, REASON_LOCAL_ERROR);
}

/* --- a server that relays, another process --- */

#define CROWDED_PORT 29071
#define XOR_RELAYED_ADDRESS 0x0016

static const struct address own_address = {.family = 4, .port = 50000, .ip = LOOPBACK};
static int connect_now; /* readable: the server may connect */

static bool send_answer(int fd, const struct stun_message *request, bool authenticated)
{
    static const struct stun_challenge challenge = {.realm_len = 1, .nonce_len = 1, .realm = "r", .nonce = "n"};
    struct stun_key key = stun_key_long_term("1:agent", &challenge, "secret");
    uint8_t bytes[512];
    struct stun_writer writer;
    stun_writer_begin(&writer, bytes, sizeof bytes, authenticated ? STUN_SUCCESS : STUN_ERROR, STUN_ALLOCATE,
                      request->transaction_id);
    if (authenticated) {
        stun_write_xor_address(&writer, XOR_RELAYED_ADDRESS, &own_address);
        stun_write_xor_address(&writer, STUN_XOR_MAPPED_ADDRESS, &own_address);
        stun_write_integrity(&writer, key.bytes, key.len);
    } else {
        stun_write_error_code(&writer, 401, "");
        stun_writer_attribute(&writer, STUN_REALM, "r", 1);
        stun_writer_attribute(&writer, STUN_NONCE, "n", 1);
    }
    int len = stun_writer_finish(&writer);
    return len > 0 && send(fd, bytes, (size_t)len, MSG_NOSIGNAL) == len;
}

static bool connect_to_port(void)
{
    eventfd_t value;
    struct address from = own_address, to = own_address;
    from.port = 0;
    to.port = CROWDED_PORT;
    return eventfd_read(connect_now, &value) == 0 && tcp_socket_connect(&from, &to) >= 0;
}

/* Refuses the first Allocate, grants the second, and takes a Connect at its word. Lives as long as the client. */
static void relay(int listen_fd)
{
    uint8_t bytes[2048];
    ssize_t len;
    int fd = accept(listen_fd, NULL, NULL);
    for (bool asked = false; (len = recv(fd, bytes, sizeof bytes, 0)) > 0; asked = true) {
        struct stun_message request;
        if (stun_message_parse(bytes, (size_t)len, &request) != 0)
            _exit(1);
        bool done = request.method == STUN_CONNECT ? connect_to_port() : send_answer(fd, &request, asked);
        if (!done)
            _exit(1);
    }
    _exit(0);
}

/* Once the port is listened at no descriptor is left for what comes in. */
static void take_all_descriptors(void *argument, const struct sweep_progress *progress)
{
    struct address own = own_address;
    (void)progress;
    own.port = CROWDED_PORT;
    int fd = tcp_socket_listen(&own);
    if (fd >= 0) {
        close(fd);
        return;
    }
    struct rlimit none = *(const struct rlimit *)argument;
    none.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    assert_int_equal(eventfd_write(connect_now, 1), 0);
}

static void a_connection_that_no_descriptor_is_left_for_is_a_local_error(void **state)
{
    (void)state;
    struct rlimit limit;
    int status;
    connect_now = eventfd(0, EFD_CLOEXEC);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    bed.report->ports[1].port = CROWDED_PORT;
    bed.hooks.progress = take_all_descriptors;
    bed.hooks.argument = &limit;
    pid_t server = fork();
    if (server == 0)
        relay(bed.listen_fd);
    const struct port_result *result = run();
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    close(connect_now);
    assert_int_equal(waitpid(server, &status, 0), server);
    assert_int_equal(status, 0);
    assert_int_equal(result->verdict, VERDICT_INCONCLUSIVE);
    assert_int_equal(result->reason, REASON_LOCAL_ERROR);
}

static void a_report_without_tcp_ports_stays_as_it_is(void **state)
{
    (void)state;
    bed.report->port_count = 1;
    assert_int_equal(shutdown(bed.listen_fd, SHUT_RDWR), 0);
    run();
    assert_false(bed.answered);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_server_that_refuses_is_said_so, setup, teardown),
        cmocka_unit_test_setup_teardown(a_cancel_ends_the_wait_for_a_silent_server, setup, teardown),
        cmocka_unit_test_setup_teardown(a_loop_that_breaks_leaves_the_ports_untested, setup, teardown),
        cmocka_unit_test_setup_teardown(a_connection_that_no_descriptor_is_left_for_is_a_local_error, setup, teardown),
        cmocka_unit_test_setup_teardown(a_report_without_tcp_ports_stays_as_it_is, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
