#include "net/tcp_socket.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LISTEN_BACKLOG 16

static int stream_socket(const struct address *local)
{
    int fd = socket(local->family == 4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int yes = 1;
    if (fd < 0)
        return -errno;
    /* Both families have their own listeners, as a PBX has. */
    if (local->family == 6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes);
    return fd;
}

static int bind_to(int fd, const struct address *local)
{
    struct sockaddr_storage name;
    socklen_t len = address_to_sockaddr(local, &name);
    return bind(fd, (struct sockaddr *)&name, len) == 0 ? 0 : -errno;
}

int tcp_socket_connect(const struct address *local, const struct address *to)
{
    struct sockaddr_storage name;
    int yes = 1;
    int fd = stream_socket(local);
    if (fd < 0)
        return fd;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    int rc = bind_to(fd, local);
    socklen_t len = address_to_sockaddr(to, &name);
    if (rc == 0 && connect(fd, (struct sockaddr *)&name, len) != 0 && errno != EINPROGRESS)
        rc = -errno;
    if (rc == 0)
        return fd;
    close(fd);
    return rc;
}

int tcp_socket_error(int fd)
{
    int error = 0;
    socklen_t len = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) == 0 ? error : errno;
}

int tcp_socket_listen(const struct address *local)
{
    int fd = stream_socket(local);
    int yes = 1;
    if (fd < 0)
        return fd;
    /* On TCP this only passes over connections that are closing; a program that listens is still in the way. */
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    int rc = bind_to(fd, local);
    if (rc == 0 && listen(fd, LISTEN_BACKLOG) != 0)
        rc = -errno;
    if (rc == 0)
        return fd;
    close(fd);
    return rc;
}

int tcp_socket_turn_away(int fd, struct address *from)
{
    struct sockaddr_storage name;
    socklen_t len = sizeof name;
    int connection = accept4(fd, (struct sockaddr *)&name, &len, SOCK_CLOEXEC);
    if (connection < 0)
        return errno == EWOULDBLOCK ? -EAGAIN : -errno;
    close(connection);
    *from = address_from_sockaddr((struct sockaddr *)&name);
    return 0;
}
