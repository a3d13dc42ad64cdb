/* Long-term credentials towards one server: the key of its realm, and a nonce for each identity, since servers bind a
 * nonce to the addresses and ports of both ends. An identity is whatever the caller numbers so: a port under test, an
 * ephemeral endpoint and the address it asks. */
#ifndef SWEEP_CREDENTIALS_H
#define SWEEP_CREDENTIALS_H

#include "base/attributes.h"
#include "stun/message.h"

#include <stdbool.h>
#include <stdint.h>

struct credentials;

/* `user` and `password` must outlive it; an empty user has no credentials. NULL when memory is short. */
struct credentials *credentials_create(const char *user, const char *password, uint32_t identities) MUST_CHECK;
void credentials_destroy(struct credentials *credentials); /* NULL is fine */

bool credentials_given(const struct credentials *credentials);

/* Takes realm and nonce of a 401 or 438. Returns 0, -EBADMSG when they are missing, -ENOMEM. */
int credentials_challenged(struct credentials *credentials, uint32_t identity,
                           const struct stun_message *error) MUST_CHECK;
bool credentials_known(const struct credentials *credentials, uint32_t identity);
/* Forgets a nonce: the identity gets another port, or talks to another server. */
void credentials_forget(struct credentials *credentials, uint32_t identity);

/* Signs a request; does nothing for an identity that was not challenged. */
void credentials_sign(struct credentials *credentials, uint32_t identity, struct stun_writer *writer);
/* Returns 0 when the response to a signed request carries a good MESSAGE-INTEGRITY, -ENOENT when none, -EBADMSG when a
 * wrong one. */
int credentials_verify(const struct credentials *credentials, const struct stun_message *response) MUST_CHECK;

#endif
