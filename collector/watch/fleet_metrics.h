/* The rows of the view natsweep.metric as metrics, asked no more often than a scraper needs. */
#ifndef WATCH_FLEET_METRICS_H
#define WATCH_FLEET_METRICS_H

#include "database/database.h"
#include "metrics/metric_text.h"

#include <stdint.h>

struct fleet_metrics {
    struct metric_text text; /* of the last answer */
    uint64_t asked_us;       /* by the monotonic clock; 0 = never */
};

/* Asks the database, unless it did within the last seconds. While it is away there are no such metrics rather than old
 * ones. */
void fleet_metrics_renew(struct fleet_metrics *metrics, struct database *database, uint64_t now_us);
void fleet_metrics_free(struct fleet_metrics *metrics);

#endif
