/* A sweep in mode exclusive: the PBX is stopped, every port is bound, and the PBX is started whatever happens, before
 * what needs none of its ports. */
#ifndef RUNNER_EXCLUSIVE_H
#define RUNNER_EXCLUSIVE_H

#include "base/attributes.h"
#include "pbx/config.h"
#include "runner/runner.h"

/* As runner_run, which does it in every other mode, and in this one when `pbx` is NULL or names nothing to stop. A PBX
 * that does not stop makes a report of outcome not_run, with warning pbx_not_stopped; one that does not start again, or
 * did too early, makes warning pbx_not_started or pbx_started_early. The plan's deadline is cut to what the PBX may be
 * stopped. */
int exclusive_run(const struct pbx_config *pbx, struct plan *plan, const struct runner_hooks *hooks,
                  struct report **out) MUST_CHECK;

#endif
