/* Who holds which port, as the kernel's socket tables in /proc tell. Naming a program needs root or CAP_SYS_PTRACE;
 * without them only one's own programs have names. */
#ifndef NET_PORT_OWNER_H
#define NET_PORT_OWNER_H

#include "base/attributes.h"
#include "proto/port_result.h"
#include "proto/words.h"

#include <stdint.h>

struct port_owner_table;

/* Takes a picture of all held ports of one transport (TCP: listening ones), IPv4 and IPv6. `proc` is "/proc", or
 * another tree in tests. Returns 0 or -errno. */
int port_owner_table_read(const char *proc, enum transport transport, struct port_owner_table **out) MUST_CHECK;
void port_owner_table_free(struct port_owner_table *table); /* NULL is fine */

/* The holder of a port; NULL when nobody held it, pid 0 when somebody did but may not be named. */
const struct port_owner *port_owner_find(const struct port_owner_table *table, uint16_t port);

#endif
