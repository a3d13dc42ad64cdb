/* "HOST", "HOST:PORT", "1.2.3.4:5", "2001:db8::1" or "[2001:db8::1]:5", as people name a server (pure). */
#ifndef NET_HOST_PORT_H
#define NET_HOST_PORT_H

#include "base/attributes.h"

#include <stdint.h>

#define HOST_BYTES 256 /* a name has at most 253 characters (RFC 1035) */

/* Splits `text`; a port not given is `default_port`. Returns 0 or -EINVAL: empty or overlong host, or a port
 * outside 1..65535. */
int host_port_parse(const char *text, uint16_t default_port, char host[HOST_BYTES], uint16_t *port) MUST_CHECK;

#endif
