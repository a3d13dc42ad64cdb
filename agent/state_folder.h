/* The folder where an agent keeps what must survive: key, enrolment, journal and spool; and the lock that keeps two
 * daemons from sharing one. */
#ifndef AGENT_STATE_FOLDER_H
#define AGENT_STATE_FOLDER_H

#include "base/attributes.h"
#include "base/settings.h"

#define STATE_PATH_BYTES 108 /* of a sockaddr_un */
#define STATE_KEY "agent.key"
#define STATE_NEXT_KEY "agent.key.next"
#define STATE_ENROLMENT "enrolment.conf"
#define STATE_DATABASE "agent.db"
#define STATE_SOCKET "status.sock"
#define STATE_LOCK "lock"

/* Writes FOLDER/NAME into `path` and returns it. */
const char *state_path(const char *folder, const char *name, char path[STATE_PATH_BYTES]);

/* Makes the folder, for its owner only, unless it is there. Returns 0 or -errno with one sentence in `message`. */
int state_folder_make(const char *folder, char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;

/* Root acts as whom the folder belongs to, so that what it leaves there is the agent's own; others, and root in root's
 * folder, go on as they are. Returns 0 or -errno with one sentence in `message`. */
int state_folder_act_as_owner(const char *folder, char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;
/* The end of that. */
void state_folder_act_as_self(void);

/* Locks the folder for as long as the returned descriptor stays open. Returns it, or -errno (-EBUSY: another daemon has
 * it; -EPERM: we are root, and the folder is another user's) with one sentence in `message`. */
int state_folder_lock(const char *folder, char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;

#endif
