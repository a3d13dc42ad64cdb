/* What may change while a collector runs: read at the start and again on SIGHUP. */
#ifndef EXCHANGE_SECRETS_H
#define EXCHANGE_SECRETS_H

#include "base/curve_key.h"

#include <stdbool.h>
#include <stdint.h>

#define TURN_SECRET_BYTES 256

/* Small enough to go through a pipe in one piece (PIPE_BUF). */
struct secrets {
    char turn_secret[TURN_SECRET_BYTES]; /* empty: agents get no TURN credentials */
    bool has_next_key;
    uint8_t next_public_key[CURVE_KEY_BYTES]; /* that will replace the collector's own */
};

#endif
