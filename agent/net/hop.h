/* Routers on the way: packets that may pass a few of them only, and what the one that drops them says (ICMP time
 * exceeded). Works on the sockets of udp_socket.h; needs no privileges. */
#ifndef NET_HOP_H
#define NET_HOP_H

#include "base/address.h"
#include "base/attributes.h"

#include <stdint.h>

/* Packets from the socket end at the hops-th router, and of those that arrive it is told what is left of their own
 * limit. Returns 0 or -errno. */
int hop_limit(int fd, uint8_t family, unsigned hops) MUST_CHECK;

/* Takes one error from the socket's queue. Returns 0 and the router that dropped the packet (port 0), -EAGAIN when none
 * waits, or -ENOENT for another error (there may be more behind it). */
int hop_receive(int fd, struct address *router) MUST_CHECK;

/* Takes one datagram that answers, whatever it says. Returns 0, its sender and how many routers it passed, if it began
 * with one of the usual limits (64, 128, 255); -EAGAIN when none waits, or -errno. */
int hop_receive_answer(int fd, struct address *from, unsigned *routers) MUST_CHECK;

#endif
