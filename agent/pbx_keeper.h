/* `natsweep-agent pbx-keeper`: stops and starts the PBX for whoever is on standard input, a socket. The agent starts it
 * for itself, or systemd does (natsweep-pbx@.service) when an agent without root connects. */
#ifndef AGENT_PBX_KEEPER_H
#define AGENT_PBX_KEEPER_H

/* argv[0] is the subcommand's name. Returns a sysexits code. */
int pbx_keeper_command(int argc, char **argv);

#endif
