/* Non-blocking TCP sockets: one that connects, and listeners on ports under test. */
#ifndef NET_TCP_SOCKET_H
#define NET_TCP_SOCKET_H

#include "base/address.h"
#include "base/attributes.h"

#include <stdint.h>

/* Begins to connect from `local` (ip all zero: any; port 0: any) to `to`. The descriptor is writable when it is known.
 * Returns it or -errno. */
int tcp_socket_connect(const struct address *local, const struct address *to) MUST_CHECK;
/* Of a writable one: 0 when it is connected, else the positive errno. */
int tcp_socket_error(int fd);

/* Listens at `local`. Returns the descriptor, or -errno (-EADDRINUSE: another program holds the port). */
int tcp_socket_listen(const struct address *local) MUST_CHECK;
/* Takes one connection and ends it at once. Returns 0 with its source, -EAGAIN when none waits, or -errno. */
int tcp_socket_turn_away(int fd, struct address *from) MUST_CHECK;

#endif
