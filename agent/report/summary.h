/* A report counted: how many ports of each verdict. */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "proto/report.h"

#include <stddef.h>

#define SUMMARY_VERDICTS (VERDICT_NOT_TESTED + 1) /* verdicts are numbered from 1 */

struct summary {
    size_t count[SUMMARY_VERDICTS];
    size_t unjudged; /* those whose verdict says nothing about the firewall */
};

struct summary summary_of(const struct report *report);

#endif
