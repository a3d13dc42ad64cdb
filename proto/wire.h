/* Frames <-> messages. Decoding caps every length and checks every word, so whoever holds a decoded envelope may trust its
 * fields. Pure and fuzzed. */
#ifndef PROTO_WIRE_H
#define PROTO_WIRE_H

#include "base/attributes.h"
#include "natsweep.pb-c.h"
#include "proto/port_list.h"
#include "proto/report.h"

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
void wire_free(Envelope *envelope); /* NULL is fine */

/* Encodes `envelope` (made by the caller on its stack; version is filled in here) into a new buffer that the caller frees.
 * Returns 0 or a wire_error. */
int wire_encode(Envelope *envelope, uint8_t **frame, size_t *len) MUST_CHECK;

/* A report <-> its batches. Encodes batch number `batch` as a whole frame that the caller frees. */
size_t wire_report_batches(const struct report *report);
int wire_encode_report_batch(const struct report *report, uint64_t sweep_id, int64_t at_us, uint32_t batch,
                             uint8_t **frame, size_t *len) MUST_CHECK;

/* The reverse, from a decoded envelope: a new report that holds this batch's ports, and the summary fields when the batch
 * carries `done` (outcome 0 otherwise). The caller frees it with report_free. */
int wire_decode_report_batch(const Natsweep__ReportBatch *batch, struct report **out) MUST_CHECK;

#endif
