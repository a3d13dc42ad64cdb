/* A raw socket that sees the connection requests (SYN) which reach this host, whether a program listens, accepts, hangs
 * up at once, or none does: proof that a forward leads here. The host's own firewall stands in front of it, as in front
 * of every program. */
#ifndef NET_RAW_TCP_H
#define NET_RAW_TCP_H

#include "base/address.h"
#include "base/attributes.h"

#include <stdint.h>

/* Opens a non-blocking socket for SYNs of `family` (4 or 6), to any local address. Returns the descriptor, -EPERM
 * without CAP_NET_RAW, or -errno. */
int raw_tcp_open(uint8_t family) MUST_CHECK;

/* Takes one SYN: its source and the local port it asks for. Returns 0, -EAGAIN when none waits, -EBADMSG for a packet
 * cut short (there may be more behind it), or -errno. */
int raw_tcp_receive(int fd, uint8_t family, struct address *from, uint16_t *local_port) MUST_CHECK;

#endif
