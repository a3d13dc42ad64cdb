/* Reports -> the three parameters of natsweep.store_reports() (pure): arrays of report_in, part_in and evidence_in. */
#ifndef STORE_STORE_BATCH_H
#define STORE_STORE_BATCH_H

#include "base/attributes.h"
#include "natsweep.pb-c.h"
#include "proto/report.h"
#include "store/pg_binary.h"
#include "store/store_types.h"

#include <stddef.h>
#include <stdint.h>

struct store_batch {
    struct pg_binary parameters[STORE_PARAMETERS];
    size_t elements[STORE_PARAMETERS];
};

void store_batch_begin(struct store_batch *batch, const struct store_types *types);

/* Adds one report batch, decoded; answers about it will name `item`. Returns 0 or -ENOMEM. */
int store_batch_add(struct store_batch *batch, int32_t item, int64_t site_id, const Natsweep__ReportBatch *message,
                    const struct report *report) MUST_CHECK;

/* Completes the parameters. Returns 0, or -ENOMEM when memory was short at any time since the beginning. */
int store_batch_finish(struct store_batch *batch) MUST_CHECK;
void store_batch_free(struct store_batch *batch);

#endif
