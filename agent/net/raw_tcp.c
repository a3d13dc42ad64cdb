#include "net/raw_tcp.h"

#include <errno.h>
#include <linux/filter.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TCP_FLAGS_OFFSET 13u
#define TCP_SYN_ACK_FIN_RST 0x17u
#define TCP_SYN 0x02u
#define HEADERS_BYTES 80u /* the longest IPv4 header and the fixed part of TCP's */
#define PACKET_BYTES 128

static int attach_syn_filter(int fd, uint8_t family)
{
    /* SYN alone: what opens a connection. A load beyond the packet's end drops it. */
    struct sock_filter v4[] = {
        BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), /* X = length of the IPv4 header */
        BPF_STMT(BPF_LD | BPF_B | BPF_IND, TCP_FLAGS_OFFSET),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, TCP_SYN_ACK_FIN_RST),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, TCP_SYN, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, HEADERS_BYTES),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog program = {.len = ARRAY_LEN(v4), .filter = v4};
    if (family == 6) { /* a raw IPv6 socket starts at the TCP header: no X to load */
        v4[1] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_B | BPF_ABS, TCP_FLAGS_OFFSET);
        program.filter = v4 + 1;
        program.len = ARRAY_LEN(v4) - 1;
    }
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0 ? 0 : -errno;
}

int raw_tcp_open(uint8_t family)
{
    int fd = socket(family == 4 ? AF_INET : AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
    if (fd < 0)
        return -errno;
    int rc = attach_syn_filter(fd, family);
    if (rc == 0)
        return fd;
    close(fd);
    return rc;
}

int raw_tcp_receive(int fd, uint8_t family, struct address *from, uint16_t *local_port)
{
    uint8_t packet[PACKET_BYTES];
    struct sockaddr_storage name;
    socklen_t name_len = sizeof name;
    ssize_t got = recvfrom(fd, packet, sizeof packet, 0, (struct sockaddr *)&name, &name_len);
    if (got < 0)
        return errno == EWOULDBLOCK ? -EAGAIN : -errno;
    size_t header = 0;
    if (family == 4)
        header = got > 0 ? (packet[0] & 0x0fu) * 4u : 0;
    if ((size_t)got < header + TCP_FLAGS_OFFSET)
        return -EBADMSG;
    const uint8_t *tcp = packet + header;
    *from = address_from_sockaddr((struct sockaddr *)&name);
    from->port = (uint16_t)(tcp[0] << 8 | tcp[1]);
    *local_port = (uint16_t)(tcp[2] << 8 | tcp[3]);
    return 0;
}
