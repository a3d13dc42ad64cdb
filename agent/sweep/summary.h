/* The report of an ended sweep. */
#ifndef SWEEP_SUMMARY_H
#define SWEEP_SUMMARY_H

#include "base/attributes.h"
#include "sweep/engine.h"

/* The caller frees it. NULL when memory is short. */
struct report *summary_report(const struct sweep *sweep) MUST_CHECK;

#endif
