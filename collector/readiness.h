/* `natsweep-collector --check`: whether it could serve, without serving. */
#ifndef COLLECTOR_READINESS_H
#define COLLECTOR_READINESS_H

#include "base/attributes.h"
#include "base/curve_key.h"
#include "collector/settings.h"

/* Prints the public key and what the database says. Returns an exit code of sysexits.h. */
int readiness_print(const struct collector_settings *settings, const struct curve_key_pair *key) MUST_CHECK;

#endif
