/* The socket in the state folder over which a running daemon tells its status: both ends. */
#ifndef AGENT_STATUS_SOCKET_H
#define AGENT_STATUS_SOCKET_H

#include "agent/status.h"
#include "base/attributes.h"

/* The daemon's end: listens in the state folder. Returns a descriptor or -errno. */
int status_listen(const char *folder) MUST_CHECK;
/* Answers one client of `listener`; never blocks. */
void status_answer(int listener, const struct agent_status *status);

/* The other end. Returns 0 or -errno (-ENOENT, -ECONNREFUSED: no daemon has that folder). */
int status_ask(const char *folder, struct agent_status *status) MUST_CHECK;

#endif
