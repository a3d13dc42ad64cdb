/* The collector's secrets on disk: its CURVE key, made at the first start, and the TURN server's secret. */
#ifndef COLLECTOR_IDENTITY_H
#define COLLECTOR_IDENTITY_H

#include "base/attributes.h"
#include "base/curve_key.h"
#include "base/settings.h"

#define TURN_SECRET_BYTES 256

/* Both return 0, or -errno with one sentence in `message`. */
int identity_key(const char *path, struct curve_key_pair *pair, char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;
int identity_turn_secret(const char *path, char secret[TURN_SECRET_BYTES],
                         char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;

#endif
