/* What has to be changed in which router, for all that is wrong in a report. */
#ifndef REPORT_PAGE_REMEDIES_H
#define REPORT_PAGE_REMEDIES_H

#include "proto/report.h"
#include "report/page.h"

void page_remedies(const struct page *page, const struct report *report);

#endif
