/* The collector's secrets on disk: its CURVE key, made at the first start, the key that will replace it
 * (KEY_FILE.next), and the TURN server's secret. */
#ifndef COLLECTOR_IDENTITY_H
#define COLLECTOR_IDENTITY_H

#include "base/attributes.h"
#include "base/curve_key.h"
#include "base/settings.h"
#include "collector/settings.h"
#include "exchange/secrets.h"

/* All return 0, or -errno with one sentence in `message`. */
int identity_key(const char *path, struct curve_key_pair *pair, char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;
/* What the files say now; `secrets` is left alone by an error. */
int identity_secrets(const struct collector_settings *settings, struct secrets *secrets,
                     char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;

/* Makes the key that will replace the one in `path`, which must not be there yet. */
int identity_make_next_key(const char *path, struct curve_key_pair *next,
                           char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;
/* Puts the next key in the place of the one in `path`, which is kept as PATH.old. */
int identity_use_next_key(const char *path, struct curve_key_pair *next,
                          char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;

#endif
