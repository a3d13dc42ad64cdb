/* Ports -> a row of port_evidence: writes evidence_in records (pure). */
#ifndef STORE_EVIDENCE_H
#define STORE_EVIDENCE_H

#include "proto/port_result.h"
#include "store/pg_binary.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Writes the evidence of the ports of a part as an element of an array. Returns false, and writes nothing, when nothing
 * was measured of any of them. */
bool evidence_write(struct pg_binary *out, int32_t item, size_t part, const struct port_result *const *ports,
                    size_t count);

#endif
