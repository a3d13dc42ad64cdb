#include "fake/http_client.h"

#include "base/clock.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define LISTENS_WITHIN_US UINT64_C(30000000)

struct address http_client_free_address(void)
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

static int connect_to(const struct address *address)
{
    struct sockaddr_storage storage;
    socklen_t len = address_to_sockaddr(address, &storage);
    uint64_t deadline_us = clock_monotonic_us() + LISTENS_WITHIN_US;
    for (;;) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&storage, len) == 0)
            return fd;
        close(fd);
        assert_true(clock_monotonic_us() < deadline_us);
        (void)poll(NULL, 0, 10);
    }
}

void http_client_ask(const struct address *address, const char *request, size_t len, char *answer, size_t answer_bytes)
{
    size_t heard = 0;
    int fd = connect_to(address);
    assert_int_equal(send(fd, request, len, MSG_NOSIGNAL), len);
    for (ssize_t got; heard < answer_bytes - 1 && (got = recv(fd, answer + heard, answer_bytes - 1 - heard, 0)) > 0;)
        heard += (size_t)got;
    answer[heard] = '\0';
    close(fd);
}

void http_client_dawdle(const struct address *address, int *fds, size_t count)
{
    static const char begin[] = "GET / HTTP/1.1\r\nHost: x\r\nX";
    for (size_t i = 0; i < count; i++) {
        fds[i] = connect_to(address);
        (void)send(fds[i], begin, sizeof(begin) - 1, MSG_NOSIGNAL); /* it may have been shut already */
    }
}
