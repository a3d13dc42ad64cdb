#include "runner/ephemeral.h"

#include "base/random.h"
#include "net/udp_socket.h"

#include <unistd.h>

#define TRIES 64
#define UNPRIVILEGED_FIRST 1024u
#define UNPRIVILEGED (UINT16_MAX + 1 - UNPRIVILEGED_FIRST)

static bool is_tested(const struct plan *plan, uint16_t port)
{
    return port_list_contains(&plan->ports, TRANSPORT_UDP, port);
}

static int open_at(const struct address *local, uint16_t wanted, uint16_t *port)
{
    struct address at = *local;

    at.port = wanted;
    int fd = udp_socket_open(&at);
    int rc = fd >= 0 ? udp_socket_port(fd, port) : fd;
    if (rc == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return rc;
}

/* Every port in turn, as few of them may be untested; from a random one on, as others look for one, too. */
static int open_untested(const struct plan *plan, const struct address *local, uint16_t *port)
{
    uint64_t begin = random_u64() % UNPRIVILEGED;
    for (unsigned i = 0, tries = 0; i < UNPRIVILEGED && tries < TRIES; i++) {
        uint16_t wanted = (uint16_t)(UNPRIVILEGED_FIRST + (begin + i) % UNPRIVILEGED);
        if (is_tested(plan, wanted))
            continue;
        int fd = open_at(local, wanted, port);
        if (fd >= 0)
            return fd;
        tries++;
    }
    return -1;
}

int ephemeral_open(const struct plan *plan, const struct address *local, uint16_t *port)
{
    uint16_t untested_port;
    int fd = open_at(local, 0, port);

    if (fd < 0 || !is_tested(plan, *port))
        return fd;
    int untested = open_untested(plan, local, &untested_port);
    if (untested < 0)
        return fd;
    close(fd);
    *port = untested_port;
    return untested;
}
