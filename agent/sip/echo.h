/* The echo's answer: a SIP response whose body is the request, as it arrived, in base64 - so that what rewrote it on
 * the way there cannot mend it on the way back. Pure; the bytes come from a stranger. */
#ifndef SIP_ECHO_H
#define SIP_ECHO_H

#include "base/attributes.h"
#include "sip/probe.h"

#include <stddef.h>
#include <stdint.h>

/* Reads the request out of the answer to `probe`. Returns 0 and the length of `arrived`, -ENOENT when the bytes are no
 * answer to this probe, -EBADMSG when they are but carry no readable echo. */
int sip_echo_read(const uint8_t *bytes, size_t len, const struct sip_probe *probe, char arrived[SIP_PROBE_BYTES * 2],
                  size_t *arrived_len) MUST_CHECK;

#endif
