/* What a report for a customer tells: asked of the database, and only read by the page. */
#ifndef CLI_REPORT_FACTS_H
#define CLI_REPORT_FACTS_H

#include "base/attributes.h"
#include "cli/chart.h"
#include "cli/database.h"

#include <stdbool.h>
#include <stddef.h>

/* Texts are never NULL: "" is what is unknown. */
struct report_ports { /* neighbours that are alike */
    const char *first, *last, *transport, *role, *message;
    enum chart_kind kind;
};

struct report_site {
    const char *name, *outcome; /* "" = never swept */
    const char *pass, *fail, *address, *last_sweep, *agent, *cause, *cure, *hint, *failing_since;
    bool stale, flapping;
    struct report_ports *ports; /* of a site that needs a look */
    size_t port_count;
    PGresult *port_rows;
};

struct report_change {
    const char *site, *what, *before, *after;
};

struct report_facts {
    const char *customer, *made_at, *since;
    bool since_is_report; /* since the last report, not a time that somebody chose */
    struct report_site *sites;
    struct report_change *changes;
    struct chart_day *days;
    size_t site_count, change_count, day_count;
    PGresult *about, *site_rows, *change_rows, *day_rows; /* whose texts these are */
};

/* Asks in one transaction, so that all is of one moment, and leaves it open: that a report was made is noted in it, and
 * is to count once the report is out. `since` as in report_page(). On an exit code, too, the caller frees. */
int report_facts_ask(struct database *database, const char *customer, const char *since,
                     struct report_facts *out) MUST_CHECK;
void report_facts_free(struct report_facts *facts);

#endif
