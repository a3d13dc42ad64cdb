/* The ports of a report, grouped by what can be said of them in one line. */
#ifndef REPORT_PAGE_GROUPS_H
#define REPORT_PAGE_GROUPS_H

#include "proto/report.h"
#include "report/page.h"

void page_groups(const struct page *page, const struct report *report);

#endif
