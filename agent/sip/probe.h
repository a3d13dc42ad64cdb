/* The SIP request (RFC 3261) that an application-level gateway cannot leave alone: it names private addresses in Via,
 * From, Contact, Call-ID and, in an INVITE, in the session description. Pure. */
#ifndef SIP_PROBE_H
#define SIP_PROBE_H

#include "base/address.h"
#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

/* The echo sends the request back in base64, a third longer and with headers of its own, and both must fit one
 * datagram. */
#define SIP_PROBE_BYTES 700

enum sip_method { SIP_OPTIONS, SIP_REGISTER, SIP_INVITE };
#define SIP_METHODS 3

struct sip_probe {
    enum sip_method method;
    uint64_t token; /* names the probe in its Call-ID, whatever happens to the rest */
    size_t len;
    char text[SIP_PROBE_BYTES];
};

const char *sip_method_name(enum sip_method method);

/* Writes the request from `local` to `echo`. `media_port` goes into the session description: take one that is not under
 * test, an ALG opens it. Returns 0 or -EMSGSIZE. */
int sip_probe_write(struct sip_probe *probe, enum sip_method method, const struct address *local,
                    const struct address *echo, uint16_t media_port, uint64_t token) MUST_CHECK;

#endif
