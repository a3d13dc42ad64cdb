/* The report of a sweep that tested nothing: it could not begin, or the agent died while it ran. */
#ifndef RUNNER_UNTESTED_H
#define RUNNER_UNTESTED_H

#include "base/attributes.h"
#include "proto/port_list.h"
#include "proto/report.h"

/* All ports not_tested for `reason`. The caller frees it with report_free; NULL when memory is short. */
struct report *untested_report(const struct port_list *ports, uint8_t family, enum outcome outcome, enum reason reason,
                               const char *message) MUST_CHECK;

#endif
