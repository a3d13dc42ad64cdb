/* What is stopped at this moment and must be started again, on disk; and the lock that lets one sweep at a time stop
 * the PBX. Both live in a folder that nobody but their owner may write: what stands there is run. */
#ifndef PBX_STOPPED_H
#define PBX_STOPPED_H

#include "base/attributes.h"
#include "pbx/hooks.h"

#include <sys/types.h>

/* Locks the folder, which is made when missing, for as long as the returned descriptor stays open in this process.
 * Returns it, or -errno: -EBUSY with the holder's process id in `holder` (0 when it cannot be told), -EPERM when others
 * may write the folder. */
int stopped_lock(const char *folder, pid_t *holder) MUST_CHECK;

/* On disk when it returns 0; else -errno, and nothing has changed. */
int stopped_write(const char *folder, const struct hooks *hooks) MUST_CHECK;

/* Returns 0; -ENOENT when nothing is stopped; -EBADMSG when the file is damaged; else -errno. */
int stopped_read(const char *folder, struct hooks *hooks) MUST_CHECK;

/* Fine when there is no such file. Returns 0 or -errno. */
int stopped_remove(const char *folder) MUST_CHECK;

#endif
