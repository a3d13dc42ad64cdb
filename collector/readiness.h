/* What a collector asks the database before it is one: whether it could serve, and whether its next key may be used. */
#ifndef COLLECTOR_READINESS_H
#define COLLECTOR_READINESS_H

#include "base/attributes.h"
#include "base/curve_key.h"
#include "collector/settings.h"

/* Prints the public key and what the database says. Returns an exit code of sysexits.h. */
int readiness_print(const struct collector_settings *settings, const struct curve_key_pair *key) MUST_CHECK;

/* Whether agents are told of the key to come: by one of which none has heard all of them would be locked out. Returns
 * an exit code, with its sentence printed. */
int readiness_of_next_key(const struct collector_settings *settings,
                          const uint8_t next_public_key[CURVE_KEY_BYTES]) MUST_CHECK;

#endif
