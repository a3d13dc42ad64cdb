/* The key of a report batch in a frame that wire_decode() turned down: a newer agent may say what this build does not
 * understand, and its batch has to be rejected by name, or it would be sent again for ever. Pure and fuzzed. */
#ifndef PROTO_REPORT_KEY_H
#define PROTO_REPORT_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct report_key {
    uint64_t sweep_id; /* 1..INT64_MAX */
    uint32_t batch;    /* below REPORT_BATCHES_MAX */
};

/* False when the frame holds no report batch, or none that an ack could name. */
bool report_key_find(const uint8_t *frame, size_t len, struct report_key *key);

#endif
