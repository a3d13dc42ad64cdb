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

enum tool_unit { TOOL_UNIT_DOWN, TOOL_UNIT_GOES_DOWN, TOOL_UNIT_COMES_UP, TOOL_UNIT_RUNS };

/* Returns one of these, or a negative error, logged. One that has failed and waits to be started again comes up. */
int tool_unit_state(const char *systemctl, const char *unit) MUST_CHECK;

#endif
