#include "net/stun_filter.h"

#include "net/udp_packet.h"

#include <errno.h>
#include <linux/filter.h>
#include <sys/socket.h>

#define MAGIC_COOKIE 0x2112A442u              /* RFC 8489 section 5 */
#define COOKIE_OFFSET (UDP_HEADER_BYTES + 4u) /* from the start of the UDP header */
#define WHOLE_PACKET 0xffffu

int stun_filter_attach(int fd, uint8_t family)
{
    /* A load beyond the packet's end ends the program with "drop". */
    struct sock_filter v4[] = {
        BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), /* X = length of the IPv4 header at offset 0 */
        BPF_STMT(BPF_LD | BPF_W | BPF_IND, COOKIE_OFFSET),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MAGIC_COOKIE, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, WHOLE_PACKET),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    /* A raw IPv6 socket starts at the UDP header. */
    struct sock_filter v6[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, COOKIE_OFFSET),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MAGIC_COOKIE, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, WHOLE_PACKET),
        BPF_STMT(BPF_RET | BPF_K, 0),
    };
    struct sock_fprog program = {.len = ARRAY_LEN(v6), .filter = v6};

    if (family == 4)
        program = (struct sock_fprog){.len = ARRAY_LEN(v4), .filter = v4};
    return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0 ? 0 : -errno;
}
