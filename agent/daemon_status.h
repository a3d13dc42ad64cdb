/* What 'natsweep-agent status' asks for. */
#ifndef AGENT_DAEMON_STATUS_H
#define AGENT_DAEMON_STATUS_H

#include "agent/daemon_parts.h"

/* Answers who has just connected. */
void daemon_answer_status(struct daemon *daemon);

#endif
