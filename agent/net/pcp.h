/* PCP (RFC 6887): a router that speaks it tells its external address with a mapping only, so a short one is asked for
 * and given back. IPv4. Pure; the answer comes from a stranger. */
#ifndef NET_PCP_H
#define NET_PCP_H

#include "base/address.h"
#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

#define PCP_MAP_BYTES 60
#define PCP_NONCE_BYTES 12

/* Asks to map UDP port `local.port` for `lifetime_s`, 0 = no longer. The nonce names the mapping; the same one deletes
 * it. */
void pcp_write_map(uint8_t out[PCP_MAP_BYTES], const struct address *local, const uint8_t nonce[PCP_NONCE_BYTES],
                   uint32_t lifetime_s);

/* Reads the answer to that. Returns 0 with the external address and port, -EREMOTEIO when the router refuses, -EBADMSG
 * when it is no answer to it. */
int pcp_read_map(const uint8_t *bytes, size_t len, const struct address *local, const uint8_t nonce[PCP_NONCE_BYTES],
                 struct address *external) MUST_CHECK;

#endif
