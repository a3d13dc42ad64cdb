/* `natsweep-agent check`: one host, no collector, no database. */
#ifndef AGENT_CHECK_H
#define AGENT_CHECK_H

/* argv[0] is the subcommand's name. Returns the exit code of CONTRACT.md. */
int check_command(int argc, char **argv);

#endif
