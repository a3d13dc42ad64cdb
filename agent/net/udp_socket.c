#include "net/udp_socket.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h> /* linux/errqueue.h needs struct timespec */
#include <unistd.h>

#include <linux/errqueue.h>

static int set_option(int fd, int level, int name)
{
    int on = 1;
    return setsockopt(fd, level, name, &on, sizeof on) == 0 ? 0 : -errno;
}

static int set_options(int fd, uint8_t family)
{
    if (family == 4)
        return set_option(fd, IPPROTO_IP, IP_RECVERR);
    int rc = set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY);
    return rc == 0 ? set_option(fd, IPPROTO_IPV6, IPV6_RECVERR) : rc;
}

int udp_socket_open(const struct address *local)
{
    struct sockaddr_storage name;
    socklen_t len = address_to_sockaddr(local, &name);

    int fd = socket(local->family == 4 ? AF_INET : AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -errno;
    int rc = set_options(fd, local->family);
    if (rc == 0 && bind(fd, (struct sockaddr *)&name, len) != 0)
        rc = -errno;
    if (rc == 0)
        return fd;
    close(fd);
    return rc;
}

int udp_socket_port(int fd, uint16_t *port)
{
    struct sockaddr_storage name;
    socklen_t len = sizeof name;

    if (getsockname(fd, (struct sockaddr *)&name, &len) != 0)
        return -errno;
    *port = address_from_sockaddr((struct sockaddr *)&name).port;
    return 0;
}

int udp_socket_send(int fd, const struct address *to, const uint8_t *bytes, size_t len)
{
    struct sockaddr_storage name;
    socklen_t name_len = address_to_sockaddr(to, &name);

    /* With IP_RECVERR a pending ICMP error fails the next call and is cleared by it; it stays in the error queue. */
    for (int attempt = 0; attempt < 2; attempt++)
        if (sendto(fd, bytes, len, 0, (struct sockaddr *)&name, name_len) >= 0)
            return 0;
    return -errno;
}

int udp_socket_receive(int fd, struct address *from, uint8_t *bytes, size_t capacity, size_t *len)
{
    struct sockaddr_storage name;
    socklen_t name_len = sizeof name;

    ssize_t got = recvfrom(fd, bytes, capacity, 0, (struct sockaddr *)&name, &name_len);
    if (got < 0)
        return -errno;
    *from = address_from_sockaddr((struct sockaddr *)&name);
    *len = (size_t)got;
    return 0;
}

static int cause_of(const struct sock_extended_err *error, enum icmp_cause *cause)
{
    switch (error->ee_origin) {
    case SO_EE_ORIGIN_ICMP: return icmp_cause_v4(error->ee_type, error->ee_code, cause);
    case SO_EE_ORIGIN_ICMP6: return icmp_cause_v6(error->ee_type, error->ee_code, cause);
    default: return -ENOENT;
    }
}

static int read_cause(struct msghdr *message, enum icmp_cause *cause)
{
    for (struct cmsghdr *control = CMSG_FIRSTHDR(message); control; control = CMSG_NXTHDR(message, control)) {
        bool v4 = control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_RECVERR;
        bool v6 = control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_RECVERR;
        if (!v4 && !v6)
            continue;
        struct sock_extended_err error;
        memcpy(&error, CMSG_DATA(control), sizeof error);
        return cause_of(&error, cause);
    }
    return -ENOENT;
}

int udp_socket_receive_icmp(int fd, struct icmp_error *error)
{
    struct sockaddr_storage to; /* of the datagram that the error is about */
    char control[256];
    struct msghdr message = {
        .msg_name = &to, .msg_namelen = sizeof to, .msg_control = control, .msg_controllen = sizeof control};
    struct icmp_error found;

    if (recvmsg(fd, &message, MSG_ERRQUEUE) < 0)
        return -errno;
    if (read_cause(&message, &found.cause) != 0 || message.msg_namelen == 0)
        return -ENOENT;
    found.to = address_from_sockaddr((struct sockaddr *)&to);
    int rc = udp_socket_port(fd, &found.local_port);
    if (rc == 0)
        *error = found;
    return rc;
}
