/* The ways to print a report. A format is a row: its name on the command line and its printer. */
#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

#include "proto/report.h"

#include <stdbool.h>
#include <stdio.h>

struct print_style {
    bool colour;      /* for a terminal */
    unsigned columns; /* to wrap text at */
};

struct report_format {
    const char *name;
    void (*print)(const struct report *report, const struct print_style *style, FILE *out);
};

/* "text", "json" or "csv"; NULL for any other name. */
const struct report_format *report_format_find(const char *name);

void report_print_text(const struct report *report, const struct print_style *style, FILE *out); /* for people */
void report_print_json(const struct report *report, const struct print_style *style,
                       FILE *out); /* CONTRACT: one object */
void report_print_csv(const struct report *report, const struct print_style *style,
                      FILE *out); /* RFC 4180, a row a port */

#endif
