#include "net/raw_udp.h"

#include "net/route.h"
#include "net/stun_filter.h"
#include "net/udp_packet.h"

#include <errno.h>
#include <linux/icmp.h>
#include <netinet/icmp6.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BATCH 32                       /* datagrams a system call */
#define PACKET_BYTES 1600              /* an Ethernet frame with the largest IPv4 header */
#define SOURCES 8                      /* destinations whose source address is remembered */
#define RECEIVE_BUFFER_BYTES (4 << 20) /* a burst of 2,000 answers, at the kernel's 768 bytes each and more */

/* The kernel's choice of source address towards one destination: the checksum covers it, so it is asked for once a
 * batch and then demanded. No longer: a lease, a prefix or a route that ends in mid-sweep takes the address with it. */
struct source {
    struct address to, local;
};

struct outgoing {
    uint16_t local_port;
    size_t len;
    struct sockaddr_storage to;
    socklen_t to_len;
    struct address from;
    uint8_t bytes[PACKET_BYTES];
};

struct incoming {
    struct sockaddr_storage from;
    uint8_t bytes[PACKET_BYTES];
};

struct raw_udp {
    struct address local;
    struct raw_udp_handler handler;
    int datagram_fd, icmp_fd;
    struct source sources[SOURCES];
    size_t source_count;
    struct outgoing outgoing[BATCH];
    size_t outgoing_count;
    struct incoming incoming[BATCH];
};

union packet_info {
    char bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
    struct cmsghdr align;
};

static int raw_socket(uint8_t family, int protocol)
{
    int fd = socket(family == 4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC, protocol);
    return fd >= 0 ? fd : -errno;
}

static void enlarge_receive_buffer(int fd)
{
    int bytes = RECEIVE_BUFFER_BYTES;
    /* Beyond net.core.rmem_max only CAP_NET_ADMIN may go; without it the smaller buffer has to do. */
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

static int connect_to(int fd, const struct address *peer)
{
    struct sockaddr_storage name;
    struct address ip_only = *peer;

    ip_only.port = 0;
    socklen_t len = address_to_sockaddr(&ip_only, &name);
    return connect(fd, (struct sockaddr *)&name, len) == 0 ? 0 : -errno;
}

static int open_datagrams(struct raw_udp *raw, const struct address *peer)
{
    struct sockaddr_storage name;

    raw->datagram_fd = raw_socket(raw->local.family, IPPROTO_UDP);
    if (raw->datagram_fd < 0)
        return raw->datagram_fd;
    int rc = peer ? 0 : stun_filter_attach(raw->datagram_fd, raw->local.family);
    if (rc != 0)
        return rc;
    enlarge_receive_buffer(raw->datagram_fd);
    struct address any_port = raw->local;
    any_port.port = 0;
    socklen_t len = address_to_sockaddr(&any_port, &name);
    if (bind(raw->datagram_fd, (struct sockaddr *)&name, len) != 0)
        return -errno;
    return peer ? connect_to(raw->datagram_fd, peer) : 0;
}

static int filter_icmp_v4(int fd)
{
    struct icmp_filter filter = {.data = ~(1u << ICMP_DEST_UNREACH)};
    return setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof filter) == 0 ? 0 : -errno;
}

static int filter_icmp_v6(int fd)
{
    struct icmp6_filter filter;

    ICMP6_FILTER_SETBLOCKALL(&filter);
    ICMP6_FILTER_SETPASS(ICMP6_DST_UNREACH, &filter);
    return setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof filter) == 0 ? 0 : -errno;
}

static int open_icmp(struct raw_udp *raw)
{
    bool v4 = raw->local.family == 4;

    raw->icmp_fd = raw_socket(raw->local.family, v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
    if (raw->icmp_fd < 0)
        return raw->icmp_fd;
    return v4 ? filter_icmp_v4(raw->icmp_fd) : filter_icmp_v6(raw->icmp_fd);
}

static int open_both(const struct address *local, const struct address *peer, const struct raw_udp_handler *handler,
                     struct raw_udp **out)
{
    struct raw_udp *raw = calloc(1, sizeof *raw);
    if (!raw)
        return -ENOMEM;
    raw->local = *local;
    raw->handler = *handler;
    raw->datagram_fd = raw->icmp_fd = -1;
    int rc = open_datagrams(raw, peer);
    if (rc == 0)
        rc = open_icmp(raw);
    if (rc != 0) {
        raw_udp_close(raw);
        return rc;
    }
    *out = raw;
    return 0;
}

int raw_udp_open(const struct address *local, const struct raw_udp_handler *handler, struct raw_udp **out)
{
    return open_both(local, NULL, handler, out);
}

int raw_udp_open_towards(const struct address *local, const struct address *peer, const struct raw_udp_handler *handler,
                         struct raw_udp **out)
{
    return open_both(local, peer, handler, out);
}

void raw_udp_close(struct raw_udp *raw)
{
    if (!raw)
        return;
    if (raw->datagram_fd >= 0)
        close(raw->datagram_fd);
    if (raw->icmp_fd >= 0)
        close(raw->icmp_fd);
    free(raw);
}

int raw_udp_datagram_fd(const struct raw_udp *raw)
{
    return raw->datagram_fd;
}

int raw_udp_icmp_fd(const struct raw_udp *raw)
{
    return raw->icmp_fd;
}

static bool any_address(const struct address *address)
{
    static const uint8_t zero[sizeof address->ip];
    return memcmp(address->ip, zero, sizeof zero) == 0;
}

/* Finds the address that packets to `to` leave with. */
static int source_towards(struct raw_udp *raw, const struct address *to, struct address *local)
{
    if (!any_address(&raw->local)) {
        *local = raw->local;
        return 0;
    }
    for (size_t i = 0; i < raw->source_count; i++)
        if (address_same_ip(&raw->sources[i].to, to)) {
            *local = raw->sources[i].local;
            return 0;
        }
    int rc = route_local_address(to, local);
    if (rc == 0 && raw->source_count < SOURCES)
        raw->sources[raw->source_count++] = (struct source){.to = *to, .local = *local};
    return rc;
}

void raw_udp_send(struct raw_udp *raw, uint16_t local_port, const struct address *to, const uint8_t *bytes, size_t len)
{
    struct outgoing *packet = &raw->outgoing[raw->outgoing_count];
    int rc = source_towards(raw, to, &packet->from);
    packet->from.port = local_port;
    if (rc == 0)
        rc = udp_packet_write(packet->bytes, sizeof packet->bytes, &packet->from, to, bytes, len);
    if (rc < 0) {
        raw->handler.send_failed(raw->handler.argument, local_port, -rc);
        return;
    }
    struct address ip_only = *to;
    ip_only.port = 0; /* a raw IPv6 socket takes the port for a protocol number */
    packet->len = (size_t)rc;
    packet->local_port = local_port;
    packet->to_len = address_to_sockaddr(&ip_only, &packet->to);
    if (++raw->outgoing_count == BATCH)
        raw_udp_flush(raw);
}

/* Demands `from` as source address. */
static void write_packet_info(union packet_info *info, struct msghdr *message, const struct address *from)
{
    memset(info, 0, sizeof *info);
    message->msg_control = info->bytes;
    message->msg_controllen = sizeof info->bytes;
    struct cmsghdr *control = CMSG_FIRSTHDR(message);
    if (from->family == 4) {
        struct in_pktinfo v4 = {0};
        memcpy(&v4.ipi_spec_dst, from->ip, sizeof v4.ipi_spec_dst);
        *control = (struct cmsghdr){.cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO, .cmsg_len = CMSG_LEN(sizeof v4)};
        memcpy(CMSG_DATA(control), &v4, sizeof v4);
        message->msg_controllen = CMSG_SPACE(sizeof v4);
    } else {
        struct in6_pktinfo v6 = {0};
        memcpy(&v6.ipi6_addr, from->ip, sizeof v6.ipi6_addr);
        *control =
            (struct cmsghdr){.cmsg_level = IPPROTO_IPV6, .cmsg_type = IPV6_PKTINFO, .cmsg_len = CMSG_LEN(sizeof v6)};
        memcpy(CMSG_DATA(control), &v6, sizeof v6);
        message->msg_controllen = CMSG_SPACE(sizeof v6);
    }
}

/* A queue that is full somewhere below loses a packet as any network may: the sweep sends again. */
static bool is_loss(int error)
{
    return error == ENOBUFS || error == EAGAIN || error == ENOMEM;
}

/* Sends messages[first..] and returns how many of them are dealt with: at least one. */
static size_t send_some(struct raw_udp *raw, struct mmsghdr *messages, size_t first)
{
    int sent = sendmmsg(raw->datagram_fd, messages + first, (unsigned)(raw->outgoing_count - first), 0);
    if (sent > 0)
        return (size_t)sent;
    if (errno == EINTR)
        return 0;
    if (!is_loss(errno))
        raw->handler.send_failed(raw->handler.argument, raw->outgoing[first].local_port, errno);
    return 1;
}

void raw_udp_flush(struct raw_udp *raw)
{
    struct mmsghdr messages[BATCH] = {0};
    struct iovec vectors[BATCH];
    union packet_info infos[BATCH];

    for (size_t i = 0; i < raw->outgoing_count; i++) {
        struct outgoing *packet = &raw->outgoing[i];
        vectors[i] = (struct iovec){.iov_base = packet->bytes, .iov_len = packet->len};
        messages[i].msg_hdr = (struct msghdr){
            .msg_name = &packet->to, .msg_namelen = packet->to_len, .msg_iov = &vectors[i], .msg_iovlen = 1};
        write_packet_info(&infos[i], &messages[i].msg_hdr, &packet->from);
    }
    for (size_t done = 0; done < raw->outgoing_count;)
        done += send_some(raw, messages, done);
    raw->outgoing_count = raw->source_count = 0;
}

static void deliver(struct raw_udp *raw, const struct incoming *incoming, size_t len)
{
    struct udp_packet packet;

    if (udp_packet_read(raw->local.family, incoming->bytes, len, &packet) != 0)
        return;
    struct address from = address_from_sockaddr((const struct sockaddr *)&incoming->from);
    from.port = packet.from_port;
    raw->handler.received(raw->handler.argument, packet.to_port, &from, packet.payload, packet.len);
}

void raw_udp_receive(struct raw_udp *raw)
{
    struct mmsghdr messages[BATCH] = {0};
    struct iovec vectors[BATCH];

    for (size_t i = 0; i < BATCH; i++) {
        struct incoming *incoming = &raw->incoming[i];
        vectors[i] = (struct iovec){.iov_base = incoming->bytes, .iov_len = sizeof incoming->bytes};
        messages[i].msg_hdr = (struct msghdr){
            .msg_name = &incoming->from, .msg_namelen = sizeof incoming->from, .msg_iov = &vectors[i], .msg_iovlen = 1};
    }
    int got = recvmmsg(raw->datagram_fd, messages, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < got; i++)
        deliver(raw, &raw->incoming[i], messages[i].msg_len);
}

void raw_udp_receive_icmp(struct raw_udp *raw)
{
    uint8_t bytes[PACKET_BYTES];
    struct icmp_error error;

    for (int i = 0; i < BATCH; i++) {
        ssize_t got = recv(raw->icmp_fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (got < 0)
            return;
        int rc = raw->local.family == 4 ? icmp_read_v4(bytes, (size_t)got, &error)
                                        : icmp_read_v6(bytes, (size_t)got, &error);
        if (rc == 0)
            raw->handler.icmp(raw->handler.argument, &error);
    }
}
