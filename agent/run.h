/* natsweep-agent run: the daemon, in the foreground, until SIGTERM. */
#ifndef AGENT_RUN_H
#define AGENT_RUN_H

int run_command(int argc, char **argv); /* returns the exit code */

#endif
