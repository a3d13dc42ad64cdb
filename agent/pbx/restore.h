/* Puts back what is stopped: after a sweep, after a keeper that died, after a power cut, or because a person says so.
 */
#ifndef PBX_RESTORE_H
#define PBX_RESTORE_H

#include "base/attributes.h"
#include "pbx/config.h"

#define RESTORE_MESSAGE_BYTES 256

/* With the lock held, one attempt: starts `stopped`, sees it run, takes back the guard and forgets it, in this order.
 * Returns 0 or a negative error, logged. */
int restore_stopped(const struct pbx_config *config, const struct hooks *stopped) MUST_CHECK;

/* With the lock held: what the record on disk names, if there is one. Returns as above. */
int restore_recorded(const struct pbx_config *config) MUST_CHECK;

/* What nobody looks after any more: as above, but takes the lock, and leaves the PBX to a keeper that holds it. */
int restore_abandoned(const struct pbx_config *config) MUST_CHECK;

/* Takes the lock; a keeper that holds it is told to start the PBX at once, and waited for. Returns 1 when the PBX was
 * started, 0 when nothing was stopped, or a negative error; `message` is a sentence in each case. */
int restore_now(const struct pbx_config *config, char message[RESTORE_MESSAGE_BYTES]) MUST_CHECK;

#endif
