/* The report for a customer: one HTML page that needs nothing beside it, for a screen and for A4. */
#ifndef CLI_REPORT_PAGE_H
#define CLI_REPORT_PAGE_H

#include "base/attributes.h"
#include "cli/command.h"

/* Prints it to standard output. `since` is a date or a time as PostgreSQL reads it; NULL: the last report, or thirty
 * days when there was none. Connects. Returns an exit code. */
int report_page(struct cli *cli, const char *customer, const char *since) MUST_CHECK;

#endif
