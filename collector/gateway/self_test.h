/* Before the collector serves anybody: proves on the very socket that agents will use that a random key is refused and
 * a known one is let in. A ZAP handler that libzmq does not ask would let the whole world in without a word. */
#ifndef GATEWAY_SELF_TEST_H
#define GATEWAY_SELF_TEST_H

#include "base/attributes.h"
#include "base/curve_key.h"

#define SELF_TEST_MESSAGE_BYTES 256

/* Binds `router` to a loopback port for the time of the test and serves `zap` meanwhile. Returns 0, or -1 with a
 * sentence. */
int self_test(void *router, void *zap, const uint8_t server_public_key[CURVE_KEY_BYTES],
              char message[SELF_TEST_MESSAGE_BYTES]) MUST_CHECK;

#endif
