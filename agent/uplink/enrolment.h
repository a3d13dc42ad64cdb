/* What an agent knows of its collectors: where they are and which keys prove them. Written by the enrolment, read at
 * each start. */
#ifndef UPLINK_ENROLMENT_H
#define UPLINK_ENROLMENT_H

#include "base/attributes.h"
#include "base/curve_key.h"
#include "base/settings.h"
#include "proto/limits.h"
#include "proto/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ENROLMENT_TEXT_BYTES 260

struct enrolment {
    size_t endpoint_count;
    char endpoints[DIRECTORY_ENDPOINTS_MAX][ENROLMENT_TEXT_BYTES]; /* tcp://HOST:PORT */
    size_t key_count;
    uint8_t server_keys[DIRECTORY_KEYS_MAX][CURVE_KEY_BYTES];
    char site[ENROLMENT_TEXT_BYTES], customer[ENROLMENT_TEXT_BYTES];
};

/* Replace the endpoints or the keys by a list joined with ','. Return 0 or -EINVAL with one sentence in `message`. */
int enrolment_set_endpoints(struct enrolment *enrolment, const char *list,
                            char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;
int enrolment_set_keys(struct enrolment *enrolment, const char *list, char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;

/* Replace the endpoints or the keys by what a collector said. Nothing is changed by an empty list or by one that the
 * settings could not hold. Return whether there is something new. */
bool enrolment_learn_endpoints(struct enrolment *enrolment, char *const *endpoints, size_t count);
bool enrolment_learn_keys(struct enrolment *enrolment, const ProtobufCBinaryData *keys, size_t count);

/* Returns 0, or -errno (-ENOENT: never enrolled) with one sentence in `message`. */
int enrolment_load(const char *path, struct enrolment *enrolment, char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;
/* Replaces the file as a whole. Returns 0 or -errno. */
int enrolment_save(const char *path, const struct enrolment *enrolment) MUST_CHECK;

#endif
