/* The words of the database as a person reads them who does not know NAT. */
#ifndef CLI_REPORT_WORDS_H
#define CLI_REPORT_WORDS_H

#include "cli/chart.h"

#include <stdio.h>

/* How an outcome is said and shown. */
struct report_wording {
    const char *outcome; /* "" = never swept */
    const char *words, *mark;
    enum chart_kind kind;
};

const struct report_wording *report_wording(const char *outcome);

/* What a change is of. */
const char *report_what(const char *what);

void report_put_badge(FILE *out, const char *outcome);

#endif
