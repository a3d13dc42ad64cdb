/* The ZAP handler (ZeroMQ RFC 27): libzmq asks it during each CURVE handshake and the answer must come from memory. The
 * User-Id it grants is the public key in Z85, which every later message of the connection carries. */
#ifndef GATEWAY_ZAP_H
#define GATEWAY_ZAP_H

#include "base/attributes.h"
#include "gateway/keyring.h"

#include <stddef.h>
#include <stdint.h>

#define ZAP_DOMAIN_AGENTS "natsweep"        /* known keys only */
#define ZAP_DOMAIN_ENROLL "natsweep-enroll" /* any key: the token decides */

enum zap_status { ZAP_WELCOME = 200, ZAP_LATER = 300, ZAP_REFUSED = 400, ZAP_INTERNAL = 500 };

/* Binds the one place where libzmq looks for a handler in this context. NULL with errno set. */
void *zap_socket(void *context) MUST_CHECK;

/* Answers all requests that wait. `keyring` NULL = not known yet: agents are put off (300), not turned away. */
void zap_serve(void *socket, const struct keyring *keyring);

/* The decision alone (pure). */
enum zap_status zap_decide(const char *domain, const char *mechanism, const uint8_t *credentials,
                           size_t credentials_bytes, const struct keyring *keyring) MUST_CHECK;

#endif
