/* A UDP socket bound to the port under test, or to any free one. Never SO_REUSEADDR or SO_REUSEPORT: they hide that a
 * port is in use and can take packets away from who holds it. Sockets are non-blocking. */
#ifndef NET_UDP_SOCKET_H
#define NET_UDP_SOCKET_H

#include "base/address.h"
#include "base/attributes.h"
#include "net/icmp.h"

#include <stddef.h>
#include <stdint.h>

#define UDP_SOCKET_BYTES 2048 /* more than an answer may have: one that fills its packet is no broken one */

/* Binds `local` (ip all zero: every address of its family; port 0: any free port). Returns the descriptor or -errno
 * (-EADDRINUSE). */
int udp_socket_open(const struct address *local) MUST_CHECK;

/* The port it got. Returns 0 or -errno. */
int udp_socket_port(int fd, uint16_t *port) MUST_CHECK;

/* Returns 0 or -errno. An ICMP error about an earlier packet is not an error of this one. */
int udp_socket_send(int fd, const struct address *to, const uint8_t *bytes, size_t len) MUST_CHECK;

/* Returns 0, -EAGAIN when nothing waits, or -errno. A longer datagram is cut at `capacity`. */
int udp_socket_receive(int fd, struct address *from, uint8_t *bytes, size_t capacity, size_t *len) MUST_CHECK;

/* Takes one ICMP error from the socket's error queue. Returns 0, -EAGAIN when none waits, or -ENOENT for an error that
 * does not say that the destination cannot be reached (there may be more behind it). */
int udp_socket_receive_icmp(int fd, struct icmp_error *error) MUST_CHECK;

#endif
