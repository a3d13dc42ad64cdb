#include "net/hop.h"

#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h> /* linux/errqueue.h needs struct timespec */

#include <linux/errqueue.h>

static int set(int fd, uint8_t family, int option_v4, int option_v6, int value)
{
    int rc = family == 4 ? setsockopt(fd, IPPROTO_IP, option_v4, &value, sizeof value)
                         : setsockopt(fd, IPPROTO_IPV6, option_v6, &value, sizeof value);
    return rc == 0 ? 0 : -errno;
}

int hop_limit(int fd, uint8_t family, unsigned hops)
{
    int rc = set(fd, family, IP_TTL, IPV6_UNICAST_HOPS, (int)hops);
    return rc == 0 ? set(fd, family, IP_RECVTTL, IPV6_RECVHOPLIMIT, 1) : rc;
}

static bool time_exceeded(const struct sock_extended_err *error)
{
    return (error->ee_origin == SO_EE_ORIGIN_ICMP && error->ee_type == ICMP_TIME_EXCEEDED) ||
           (error->ee_origin == SO_EE_ORIGIN_ICMP6 && error->ee_type == ICMP6_TIME_EXCEEDED);
}

/* The kernel puts the sender of the ICMP error behind the error. */
static int read_router(const struct cmsghdr *control, struct address *router)
{
    struct {
        struct sock_extended_err error;
        struct sockaddr_storage offender;
    } found = {0};
    size_t len = control->cmsg_len - CMSG_LEN(0);

    if (len < sizeof found.error + sizeof(struct sockaddr_in))
        return -ENOENT;
    memcpy(&found.error, CMSG_DATA(control), sizeof found.error);
    len -= sizeof found.error;
    memcpy(&found.offender, CMSG_DATA(control) + sizeof found.error,
           len < sizeof found.offender ? len : sizeof found.offender);
    struct address sender = address_from_sockaddr((struct sockaddr *)&found.offender);
    if (!time_exceeded(&found.error) || !address_known(&sender))
        return -ENOENT;
    sender.port = 0;
    *router = sender;
    return 0;
}

int hop_receive(int fd, struct address *router)
{
    char control_bytes[256];
    struct msghdr message = {.msg_control = control_bytes, .msg_controllen = sizeof control_bytes};

    if (recvmsg(fd, &message, MSG_ERRQUEUE) < 0)
        return -errno;
    for (struct cmsghdr *control = CMSG_FIRSTHDR(&message); control; control = CMSG_NXTHDR(&message, control)) {
        bool v4 = control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_RECVERR;
        bool v6 = control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_RECVERR;
        if (v4 || v6)
            return read_router(control, router);
    }
    return -ENOENT;
}

/* What is left of the datagram's limit; 0 = the kernel does not say. */
static unsigned limit_left(struct msghdr *message)
{
    for (struct cmsghdr *control = CMSG_FIRSTHDR(message); control; control = CMSG_NXTHDR(message, control)) {
        bool v4 = control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_TTL;
        bool v6 = control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_HOPLIMIT;
        int left;
        if (!v4 && !v6)
            continue;
        memcpy(&left, CMSG_DATA(control), sizeof left);
        return (unsigned)left;
    }
    return 0;
}

/* Since a sender that began with one of the usual limits. */
static unsigned routers_passed(unsigned left)
{
    unsigned began = left <= 64 ? 64 : left <= 128 ? 128 : 255;
    return began - left;
}

int hop_receive_answer(int fd, struct address *from, unsigned *routers)
{
    struct sockaddr_storage name;
    char control_bytes[256];
    struct msghdr message = {.msg_name = &name,
                             .msg_namelen = sizeof name,
                             .msg_control = control_bytes,
                             .msg_controllen = sizeof control_bytes};

    if (recvmsg(fd, &message, 0) < 0)
        return -errno;
    *from = address_from_sockaddr((struct sockaddr *)&name);
    *routers = routers_passed(limit_left(&message));
    return 0;
}
