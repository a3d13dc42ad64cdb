/* The first conversation of an agent with a collector, at its enrolment endpoint: a token goes out with the agent's
 * public key, and one answer comes back. */
#ifndef UPLINK_INTRODUCTION_H
#define UPLINK_INTRODUCTION_H

#include "base/attributes.h"
#include "base/curve_key.h"
#include "proto/token.h"
#include "proto/wire.h"

#include <stdint.h>

/* Waits for the answer at most 9 s. `context` is ZeroMQ's. Returns 0 and an Enrolled that the caller frees with
 * wire_free, or -EKEYREJECTED (the server does not hold the key that the token names), -ETIMEDOUT, -ECONNREFUSED,
 * -EACCES (it admits only known agents), -EPROTO (an answer that is none), or another -errno. */
int introduction_make(void *context, const struct curve_key_pair *key, const struct token_endpoint *endpoint,
                      const uint8_t secret[TOKEN_SECRET_BYTES], Envelope **answer) MUST_CHECK;

#endif
