/* A client of an HTTP server on loopback, for tests. */
#ifndef TEST_HTTP_CLIENT_H
#define TEST_HTTP_CLIENT_H

#include "base/address.h"
#include "base/clock.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define HTTP_CLIENT_LISTENS_WITHIN_US UINT64_C(30000000)

/* A port of loopback that nobody held a moment ago. */
static inline struct address http_client_free_address(void)
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

/* Connects as soon as somebody listens. */
static inline int http_client_connect(const struct address *address)
{
    struct sockaddr_storage storage;
    socklen_t len = address_to_sockaddr(address, &storage);
    uint64_t deadline_us = clock_monotonic_us() + HTTP_CLIENT_LISTENS_WITHIN_US;
    for (;;) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&storage, len) == 0)
            return fd;
        close(fd);
        assert_true(clock_monotonic_us() < deadline_us);
        (void)poll(NULL, 0, 10);
    }
}

/* Says all of `request`, as far as the server listens, and hears all of the answer until the connection ends. */
static inline void http_client_ask(const struct address *address, const char *request, size_t len, char *answer,
                                   size_t answer_bytes)
{
    size_t heard = 0;
    int fd = http_client_connect(address);
    assert_int_equal(send(fd, request, len, MSG_NOSIGNAL), len);
    for (ssize_t got; heard < answer_bytes - 1 && (got = recv(fd, answer + heard, answer_bytes - 1 - heard, 0)) > 0;)
        heard += (size_t)got;
    answer[heard] = '\0';
    close(fd);
}

/* Opens `count` connections, each of which has begun a request and never ends it. */
static inline void http_client_dawdle(const struct address *address, int *fds, size_t count)
{
    static const char begin[] = "GET / HTTP/1.1\r\nHost: x\r\nX";
    for (size_t i = 0; i < count; i++) {
        fds[i] = http_client_connect(address);
        (void)send(fds[i], begin, sizeof(begin) - 1, MSG_NOSIGNAL); /* it may have been shut already */
    }
}

#endif
