/* The dead man's switch outside of every process of ours: a transient systemd timer that starts the PBX. Where systemd
 * does not run, the keeper alone is the guard. */
#ifndef PBX_GUARD_H
#define PBX_GUARD_H

#include "base/attributes.h"
#include "pbx/config.h"

/* Sets the timer that starts `stopped` when nobody has disarmed it. It comes after the keeper's own deadline, so that
 * the two do not race. Returns 0 or a negative error; why was logged. */
int guard_arm(const struct pbx_config *config, const struct hooks *stopped) MUST_CHECK;

/* Only after the PBX was seen to run. Fine when nothing is armed. What fails is logged: a timer that fires starts what
 * runs already. */
void guard_disarm(const struct pbx_config *config);

#endif
