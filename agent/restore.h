/* `natsweep-agent restore`: starts the PBX if a sweep has left it stopped. */
#ifndef AGENT_RESTORE_H
#define AGENT_RESTORE_H

/* argv[0] is the subcommand's name. Returns a sysexits code. */
int restore_command(int argc, char **argv);

#endif
