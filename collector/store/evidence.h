/* Ports -> rows of port_evidence: writes evidence_in records (pure). */
#ifndef STORE_EVIDENCE_H
#define STORE_EVIDENCE_H

#include "proto/port_result.h"
#include "store/pg_binary.h"

#include <stddef.h>
#include <stdint.h>

/* Ports in one row: with RTTs of two bytes each it stays below the 2,032 bytes from which PostgreSQL would move it to
 * TOAST, and four fit in a page. */
#define EVIDENCE_PORTS_MAX 900

/* Writes the evidence of `count` ports of a part as elements of an array, as many as it takes; none for ports of which
 * nothing was measured. Returns how many. */
size_t evidence_write(struct pg_binary *out, int32_t item, size_t part, const struct port_result *const *ports,
                      size_t count);

#endif
