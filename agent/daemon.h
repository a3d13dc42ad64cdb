/* The daemon: wires session, spool, sweeps and status together in one loop. */
#ifndef AGENT_DAEMON_H
#define AGENT_DAEMON_H

#include "agent/settings.h"
#include "base/attributes.h"
#include "command/sweeper.h"

struct daemon_options {
    const struct agent_settings *settings;
    const char *settings_path; /* as given on the command line, or NULL */
    sweeper_run run;           /* what makes a report of a job */
    int stop_fd;               /* readable = stop */
};

/* Runs until `stop_fd`, or until it cannot go on. Returns a sysexits code; what is wrong was logged. */
int daemon_run(const struct daemon_options *options) MUST_CHECK;

#endif
