/* The report for a customer: one HTML page that needs nothing beside it, for a screen and for A4. */
#ifndef CLI_REPORT_PAGE_H
#define CLI_REPORT_PAGE_H

#include "cli/report_facts.h"

#include <stdio.h>

void report_page(FILE *out, const struct report_facts *facts);

#endif
