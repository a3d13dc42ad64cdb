/* Runs the hooks: stops the PBX, starts it, and looks whether it runs. */
#ifndef PBX_ACTION_H
#define PBX_ACTION_H

#include "base/attributes.h"
#include "pbx/config.h"
#include "pbx/dialogue.h"

/* What of the configured hooks there is to stop: the units that run or come up, or the commands. Returns 0 or a
 * negative error, logged. */
int action_choose(const struct pbx_config *config, struct hooks *running) MUST_CHECK;

/* Returns PBX_STOPPED, or which of PBX_STOP_... it was, logged. A readable `interrupt_fd` cuts it short. */
enum pbx_answer action_stop(const struct pbx_config *config, const struct hooks *running, int interrupt_fd) MUST_CHECK;

/* Starts it and sees it run. Harmless when it runs already. Returns 0 or a negative error, logged. */
int action_start(const struct pbx_config *config, const struct hooks *stopped) MUST_CHECK;

#endif
