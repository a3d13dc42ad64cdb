/* Keeps the promise that the PBX runs again: a process of its own, in a session of its own, that stops the PBX when the
 * agent says so and starts it when the agent says so, dies, is silent for too long, or when it is itself told to end.
 * An agent that then does not give the ports back, as one that is frozen, is ended.
 * Run by the agent where that is root, else by a root unit that systemd starts for a connection. */
#ifndef PBX_KEEPER_H
#define PBX_KEEPER_H

#include "base/attributes.h"
#include "pbx/config.h"

#include <stdbool.h>

/* Serves one dialogue on the socket `fd`. Blocks the signals that end a program and takes them as the wish to have the
 * PBX back. With `refuse` every stop is refused. Returns 0, or a negative error when the PBX does not run again. */
int keeper_serve(int fd, const struct pbx_config *config, bool refuse) MUST_CHECK;

/* Leaves the process that started this program, which ends at once: only the keeper goes on. Returns 0 or -errno. */
int keeper_detach(void) MUST_CHECK;

#endif
