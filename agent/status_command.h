/* `natsweep-agent status`: what the daemon of this host is doing. */
#ifndef AGENT_STATUS_COMMAND_H
#define AGENT_STATUS_COMMAND_H

int status_command(int argc, char **argv); /* returns the exit code */

#endif
