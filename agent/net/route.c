#include "net/route.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#define DISCARD_PORT 9 /* connect() wants a port; a UDP connect sends nothing */

static int udp_socket_of(const struct address *address)
{
    int fd = socket(address->family == 4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return fd >= 0 ? fd : -errno;
}

int route_local_address(const struct address *to, struct address *local)
{
    struct address target = *to;
    struct sockaddr_storage name;
    socklen_t len = sizeof name;

    if (target.port == 0)
        target.port = DISCARD_PORT;
    int fd = udp_socket_of(to);
    if (fd < 0)
        return fd;
    int rc = 0;
    socklen_t target_len = address_to_sockaddr(&target, &name);
    if (connect(fd, (struct sockaddr *)&name, target_len) != 0 ||
        getsockname(fd, (struct sockaddr *)&name, &len) != 0) {
        rc = -errno;
        goto out;
    }
    *local = address_from_sockaddr((struct sockaddr *)&name);
    local->port = 0;
out:
    close(fd);
    return rc;
}

int route_check_local(const struct address *address)
{
    struct address any_port = *address;
    struct sockaddr_storage name;

    any_port.port = 0;
    int fd = udp_socket_of(address);
    if (fd < 0)
        return fd;
    socklen_t len = address_to_sockaddr(&any_port, &name);
    int rc = bind(fd, (struct sockaddr *)&name, len) == 0 ? 0 : -errno;
    close(fd);
    return rc;
}
