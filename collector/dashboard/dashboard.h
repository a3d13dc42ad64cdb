/* The dashboard: one thread that waits for browsers on one side and for PostgreSQL on the other. */
#ifndef DASHBOARD_DASHBOARD_H
#define DASHBOARD_DASHBOARD_H

#include "base/attributes.h"
#include "dashboard/settings.h"

/* Serves until SIGTERM or SIGINT. Returns the exit code. */
int dashboard_run(const struct dashboard_settings *settings) MUST_CHECK;

#endif
