#include "net/raw_udp.h"

#include "net/udp_socket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 5000
#define LIVE_PORT 35060 /* nothing is bound to it */

static const uint8_t stun_like[24] = {0x01, 0x01, 0x00, 0x04, 0x21, 0x12, 0xA4, 0x42, 'i', 'd'};

struct seen {
    unsigned datagrams, failures, errors;
    uint16_t port;
    size_t len;
    int error;
    struct address from;
    struct icmp_error icmp;
};

static void on_received(void *argument, uint16_t port, const struct address *from, const uint8_t *bytes, size_t len)
{
    struct seen *seen = argument;
    if (port != LIVE_PORT) /* the raw socket hears what others on this host are told, too */
        return;
    assert_memory_equal(bytes, stun_like, len);
    seen->datagrams++;
    seen->port = port;
    seen->from = *from;
    seen->len = len;
}

static void on_failed(void *argument, uint16_t port, int error)
{
    struct seen *seen = argument;
    seen->failures++;
    seen->port = port;
    seen->error = error;
}

static void on_icmp(void *argument, const struct icmp_error *error)
{
    struct seen *seen = argument;
    if (error->local_port != LIVE_PORT)
        return;
    seen->errors++;
    seen->icmp = *error;
}

static struct raw_udp *open_raw(const char *local_text, struct seen *seen)
{
    struct raw_udp_handler handler = {
        .received = on_received, .send_failed = on_failed, .icmp = on_icmp, .argument = seen};
    struct address local;
    struct raw_udp *raw;

    assert_int_equal(address_parse(local_text, &local), 0);
    int rc = raw_udp_open(&local, &handler, &raw);
    if (rc == -EPERM) {
        print_message("skipped: no CAP_NET_RAW\n");
        skip();
    }
    assert_int_equal(rc, 0);
    return raw;
}

static void wait_for(int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
}

static void wait_for_datagram(struct raw_udp *raw, const struct seen *seen)
{
    while (seen->datagrams == 0) {
        wait_for(raw_udp_datagram_fd(raw));
        raw_udp_receive(raw);
    }
}

static void check_exchange(const char *any, const char *server)
{
    struct seen seen = {0};
    struct raw_udp *raw = open_raw(any, &seen);
    struct address server_name, from;
    uint8_t bytes[64];
    size_t len;

    assert_int_equal(address_parse(server, &server_name), 0);
    int fd = udp_socket_open(&server_name);
    assert_true(fd >= 0);
    assert_int_equal(udp_socket_port(fd, &server_name.port), 0);

    raw_udp_send(raw, LIVE_PORT, &server_name, (const uint8_t *)"request", 7);
    raw_udp_flush(raw);
    wait_for(fd);
    assert_int_equal(udp_socket_receive(fd, &from, bytes, sizeof bytes, &len), 0);
    assert_int_equal(len, 7);
    assert_int_equal(from.port, LIVE_PORT);

    assert_int_equal(udp_socket_send(fd, &from, (const uint8_t *)"not stun at all", 15), 0);
    assert_int_equal(udp_socket_send(fd, &from, stun_like, sizeof stun_like), 0);
    wait_for_datagram(raw, &seen);
    assert_int_equal(seen.datagrams, 1);
    assert_int_equal(seen.port, LIVE_PORT);
    assert_int_equal(seen.len, sizeof stun_like);
    assert_true(address_equal(&seen.from, &server_name));
    assert_int_equal(seen.failures, 0);
    close(fd);
    raw_udp_close(raw);
}

static void test_exchange_v4(void **state)
{
    (void)state;
    check_exchange("0.0.0.0", "127.0.0.2");
}

static void test_exchange_v6(void **state)
{
    struct address v6;

    (void)state;
    assert_int_equal(address_parse("::1", &v6), 0);
    int fd = udp_socket_open(&v6);
    if (fd == -EADDRNOTAVAIL || fd == -EAFNOSUPPORT)
        skip();
    close(fd);
    check_exchange("::", "::1");
}

/* Towards one peer everything is heard, and from others nothing. */
static void test_exchange_with_one_peer(void **state)
{
    struct seen seen = {0};
    struct raw_udp_handler handler = {
        .received = on_received, .send_failed = on_failed, .icmp = on_icmp, .argument = &seen};
    struct address any, peer, stranger, live = {.family = 4, .port = LIVE_PORT, .ip = {127, 0, 0, 1}};
    struct raw_udp *raw;

    (void)state;
    assert_int_equal(address_parse("127.0.0.1", &any), 0);
    assert_int_equal(address_parse("127.0.0.2", &peer), 0);
    assert_int_equal(address_parse("127.0.0.4", &stranger), 0);
    int rc = raw_udp_open_towards(&any, &peer, &handler, &raw);
    if (rc == -EPERM)
        skip();
    assert_int_equal(rc, 0);
    int peer_fd = udp_socket_open(&peer), stranger_fd = udp_socket_open(&stranger);
    assert_int_equal(udp_socket_port(peer_fd, &peer.port), 0);
    assert_int_equal(udp_socket_send(stranger_fd, &live, stun_like, sizeof stun_like), 0);
    assert_int_equal(udp_socket_send(peer_fd, &live, stun_like, 3), 0); /* no STUN */
    wait_for_datagram(raw, &seen);
    assert_int_equal(seen.datagrams, 1);
    assert_true(address_equal(&seen.from, &peer));
    raw_udp_send(raw, LIVE_PORT, &peer, stun_like, 1);
    raw_udp_flush(raw);
    wait_for(peer_fd);
    assert_int_equal(seen.failures, 0);
    close(peer_fd);
    close(stranger_fd);
    raw_udp_close(raw);
}

static void test_a_full_queue_flushes_itself(void **state)
{
    struct seen seen = {0};
    struct raw_udp *raw = open_raw("0.0.0.0", &seen);
    struct address server, from;
    uint8_t bytes[64];
    size_t len;
    unsigned arrived = 0;

    (void)state;
    assert_int_equal(address_parse("127.0.0.2", &server), 0);
    int fd = udp_socket_open(&server);
    assert_true(fd >= 0);
    assert_int_equal(udp_socket_port(fd, &server.port), 0);
    for (int i = 0; i < 100; i++)
        raw_udp_send(raw, LIVE_PORT, &server, (const uint8_t *)"x", 1);
    raw_udp_flush(raw);
    while (udp_socket_receive(fd, &from, bytes, sizeof bytes, &len) == 0)
        arrived++;
    assert_int_equal(arrived, 100); /* loopback delivers before the send returns */
    close(fd);
    raw_udp_close(raw);
}

static void test_icmp_names_the_port(void **state)
{
    struct seen seen = {0};
    struct raw_udp *raw = open_raw("0.0.0.0", &seen);
    struct address gone;

    (void)state;
    assert_int_equal(address_parse("127.0.0.2", &gone), 0);
    int fd = udp_socket_open(&gone);
    assert_int_equal(udp_socket_port(fd, &gone.port), 0);
    close(fd);
    raw_udp_send(raw, LIVE_PORT, &gone, stun_like, sizeof stun_like);
    raw_udp_flush(raw);
    while (seen.errors == 0) {
        wait_for(raw_udp_icmp_fd(raw));
        raw_udp_receive_icmp(raw);
    }
    assert_int_equal(seen.icmp.cause, ICMP_CAUSE_PORT_UNREACHABLE);
    assert_true(address_equal(&seen.icmp.to, &gone));
    raw_udp_close(raw);
}

static void test_what_cannot_be_sent_is_told(void **state)
{
    struct seen seen = {0};
    struct raw_udp *raw = open_raw("0.0.0.0", &seen);
    struct address to;
    static const uint8_t huge[4096];

    (void)state;
    assert_int_equal(address_parse("127.0.0.2:9", &to), 0);
    raw_udp_send(raw, LIVE_PORT, &to, huge, sizeof huge);
    assert_int_equal(seen.failures, 1);
    assert_int_equal(seen.port, LIVE_PORT);
    assert_int_equal(seen.error, EMSGSIZE);
    raw_udp_close(raw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exchange_v4),
        cmocka_unit_test(test_exchange_v6),
        cmocka_unit_test(test_exchange_with_one_peer),
        cmocka_unit_test(test_a_full_queue_flushes_itself),
        cmocka_unit_test(test_icmp_names_the_port),
        cmocka_unit_test(test_what_cannot_be_sent_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
