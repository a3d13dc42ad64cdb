#include "net/dns_probe.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <resolv.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define DNS_HEADER_BYTES 12
#define DNS_RESPONSE_FLAG 0x80
#define PROBE_TIMEOUT_MS 2000 /* the resolver itself has already waited much longer */

int dns_reply_code(const uint8_t *query, size_t query_len, const uint8_t *reply, size_t len)
{
    if (query_len < DNS_HEADER_BYTES || len < DNS_HEADER_BYTES)
        return -EBADMSG;
    if (memcmp(query, reply, 2) != 0 || !(reply[2] & DNS_RESPONSE_FLAG))
        return -EBADMSG;
    return reply[3] & 0x0f;
}

static int wait_for_reply(int fd, const uint8_t *query, size_t query_len)
{
    uint8_t reply[NS_PACKETSZ];
    struct pollfd ready = {.fd = fd, .events = POLLIN};

    int count = poll(&ready, 1, PROBE_TIMEOUT_MS);
    if (count <= 0)
        return count == 0 ? -ETIMEDOUT : -errno;
    ssize_t got = recv(fd, reply, sizeof reply, 0);
    return got < 0 ? -errno : dns_reply_code(query, query_len, reply, (size_t)got);
}

static int ask(const struct sockaddr *server, socklen_t len, const uint8_t *query, size_t query_len)
{
    int fd = socket(server->sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    int rc = 0;
    if (connect(fd, server, len) != 0 || send(fd, query, query_len, 0) < 0)
        rc = -errno;
    if (rc == 0)
        rc = wait_for_reply(fd, query, query_len);
    close(fd);
    return rc;
}

static int ask_server(const struct __res_state *state, int index, const uint8_t *query, size_t query_len)
{
    const struct sockaddr_in *v4 = &state->nsaddr_list[index];
    const struct sockaddr_in6 *v6 = state->_u._ext.nsaddrs[index];

    if (v4->sin_family == AF_INET)
        return ask((const struct sockaddr *)v4, sizeof *v4, query, query_len);
    return v6 ? ask((const struct sockaddr *)v6, sizeof *v6, query, query_len) : -EDESTADDRREQ;
}

int dns_probe(const char *host, uint8_t family)
{
    struct __res_state state = {0};
    uint8_t query[NS_PACKETSZ];
    int rc = -EDESTADDRREQ;

    if (res_ninit(&state) != 0)
        return -EIO;
    int len = res_nmkquery(&state, QUERY, host, C_IN, family == 4 ? T_A : T_AAAA, NULL, 0, NULL, query, sizeof query);
    if (len < 0)
        rc = -EINVAL;
    for (int i = 0; len > 0 && rc < 0 && i < state.nscount; i++)
        rc = ask_server(&state, i, query, (size_t)len);
    res_nclose(&state);
    return rc;
}
