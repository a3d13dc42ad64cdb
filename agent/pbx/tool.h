/* Short questions and requests to systemd's own programs. */
#ifndef PBX_TOOL_H
#define PBX_TOOL_H

#include "base/attributes.h"
#include "pbx/arguments.h"

#include <stdbool.h>

#define TOOL_SYSTEMCTL "/usr/bin/systemctl"

/* Runs PROGRAM ARGUMENTS..., where `line` holds the arguments, then `more` unless it is NULL. Returns its exit code, or
 * -errno (-EIO when it did not come to an end by itself); what went wrong was logged. */
int tool_run(const char *program, const char *line, const struct arguments *more) MUST_CHECK;

/* Whether systemd is this machine's service manager. */
bool tool_systemd_runs(void);

/* Returns 1 or 0, or a negative error, logged. */
int tool_unit_is_active(const char *systemctl, const char *unit) MUST_CHECK;

#endif
