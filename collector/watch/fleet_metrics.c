#include "watch/fleet_metrics.h"

#include "base/log.h"

#include <stdlib.h>
#include <string.h>

#define FRESH_US 5000000u /* several scrapers cost no more than one */

enum { NAME, KIND, HELP, LABEL, LABEL_VALUE, VALUE };

static const char METRICS_SQL[] = "select name, kind, help, label, label_value, value from natsweep.metric"
                                  " order by name, label_value";

static void write_rows(struct metric_text *out, const PGresult *result)
{
    const char *family = "";
    for (int row = 0; row < PQntuples(result); row++) {
        const char *name = PQgetvalue(result, row, NAME);
        enum metric_type type = METRIC_GAUGE;
        if (metric_type_parse(PQgetvalue(result, row, KIND), &type) != 0)
            continue;
        if (strcmp(family, name) != 0)
            metric_text_family(out, name, type, PQgetvalue(result, row, HELP));
        family = name;
        const struct metric_label label = {PQgetvalue(result, row, LABEL), PQgetvalue(result, row, LABEL_VALUE)};
        metric_text_sample(out, name, &label, PQgetisnull(result, row, LABEL) ? 0 : 1,
                           strtod(PQgetvalue(result, row, VALUE), NULL));
    }
}

void fleet_metrics_renew(struct fleet_metrics *metrics, struct database *database, uint64_t now_us)
{
    PGresult *result;
    if (metrics->asked_us && now_us - metrics->asked_us < FRESH_US)
        return;
    metrics->asked_us = now_us;
    metric_text_free(&metrics->text);
    int error = database_query(database, METRICS_SQL, 0, NULL, &result);
    if (error) {
        if (error != DATABASE_AWAY)
            log_warning("watch", NULL, "the fleet's metrics cannot be read: %s", database_message(database));
        return;
    }
    write_rows(&metrics->text, result);
    PQclear(result);
}

void fleet_metrics_free(struct fleet_metrics *metrics)
{
    metric_text_free(&metrics->text);
}
