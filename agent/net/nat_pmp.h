/* NAT-PMP (RFC 6886): asking the router for its external address. Pure; the answer comes from a stranger. */
#ifndef NET_NAT_PMP_H
#define NET_NAT_PMP_H

#include "base/address.h"
#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

#define NAT_PMP_PORT 5351 /* PCP's too */
#define NAT_PMP_REQUEST_BYTES 2

void nat_pmp_write_request(uint8_t out[NAT_PMP_REQUEST_BYTES]);

/* Reads the answer. Returns 0 with the external address (port 0), -EPROTONOSUPPORT when the router speaks PCP only,
 * -EREMOTEIO when it refuses or has no address, -EBADMSG when it is no answer. */
int nat_pmp_read(const uint8_t *bytes, size_t len, struct address *external) MUST_CHECK;

#endif
