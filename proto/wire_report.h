/* A report <-> the frames that carry it. A report of more than REPORT_BATCH_PORTS ports travels in several batches; the
 * last one carries what the sweep was as a whole (`done`), so that "done" and the number of batches arrive together. */
#ifndef PROTO_WIRE_REPORT_H
#define PROTO_WIRE_REPORT_H

#include "base/attributes.h"
#include "natsweep.pb-c.h"
#include "proto/report.h"

#include <stddef.h>
#include <stdint.h>

/* At least 1: a report without ports is one batch that holds only `done`. */
size_t wire_report_batches(const struct report *report);

/* Encodes batch number `batch` (0, 1, ...) as a whole frame that the caller frees. Texts are cleaned on the way.
 * Returns 0 or a wire_error; WIRE_FIELD when the report breaks its own contract (ports out of order, a word missing).
 */
int wire_encode_report_batch(const struct report *report, uint64_t sweep_id, int64_t at_us, uint32_t batch,
                             uint8_t **frame, size_t *len) MUST_CHECK;

/* The reverse, from a decoded envelope: a new report that holds this batch's ports, and the summary fields when the
 * batch carries `done` (outcome 0 otherwise). The caller frees it with report_free. Returns 0 or a wire_error. */
int wire_decode_report_batch(const Natsweep__ReportBatch *batch, struct report **out) MUST_CHECK;

#endif
