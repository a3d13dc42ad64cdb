/* Frames <-> messages. Decoding caps every length and checks every word, so whoever holds a decoded envelope may trust
 * its fields: texts are clean UTF-8 without control characters, ids are positive, ranges ascend. Encoding applies the
 * same check, so that a mistake of our own is found at home. Pure and fuzzed. */
#ifndef PROTO_WIRE_H
#define PROTO_WIRE_H

#include "base/attributes.h"
#include "natsweep.pb-c.h"
#include "proto/wire_report.h"

#include <stddef.h>
#include <stdint.h>

typedef Natsweep__Envelope Envelope;

enum wire_error {
    WIRE_OK = 0,
    WIRE_TOO_LONG = -1,
    WIRE_MALFORMED = -2, /* not protobuf, or no body */
    WIRE_VERSION = -3,   /* older than PROTOCOL_VERSION_OLDEST */
    WIRE_FIELD = -4,     /* a field over its cap, a word out of range, an impossible combination */
    WIRE_MEMORY = -5
};
const char *wire_error_text(int error);

/* Decodes one frame. On success *out belongs to the caller: one wire_free releases it with all it holds. */
int wire_decode(const uint8_t *frame, size_t len, Envelope **out) MUST_CHECK;

/* Of a frame that wire_decode turned down: an envelope with the sweep and the number of its report batch and nothing
 * else, enough to reject it by name. Returns 0, WIRE_MALFORMED when no key is found, or WIRE_MEMORY. */
int wire_decode_key(const uint8_t *frame, size_t len, Envelope **out) MUST_CHECK;
void wire_free(Envelope *envelope); /* of wire_decode and wire_decode_key only; NULL is fine */

/* Encodes `envelope` (made by the caller on its stack; version is filled in here) into a new buffer that the caller
 * frees. Returns 0 or a wire_error; WIRE_FIELD when a field breaks the rules of wire_rules.c (a text too long, a word
 * missing). */
int wire_encode(Envelope *envelope, uint8_t **frame, size_t *len) MUST_CHECK;

#endif
