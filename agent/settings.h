/* The agent's settings file: one table that the parser, the help and the error messages share. */
#ifndef AGENT_SETTINGS_H
#define AGENT_SETTINGS_H

#include "base/attributes.h"
#include "base/log.h"
#include "base/settings.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define AGENT_SETTINGS_PATH "/etc/natsweep/agent.conf"
#define AGENT_PATH_BYTES 80 /* of the state folder: its socket's path must fit a sockaddr_un */
#define AGENT_LIST_BYTES 4096
#define AGENT_HOOK_BYTES 1024

struct agent_settings {
    char collectors[AGENT_LIST_BYTES];  /* tcp://HOST:PORT, joined by ','; empty: as enrolled */
    char server_keys[AGENT_LIST_BYTES]; /* Z85, joined by ',' */
    int64_t heartbeat_s, retry_ms, retry_max_ms;
    char state_folder[AGENT_PATH_BYTES];
    enum log_level log_level;
    char stun_servers[AGENT_LIST_BYTES]; /* HOST[:PORT], joined by ',' */
    char allowed_ports[AGENT_LIST_BYTES];
    int64_t max_pace_pps;
    bool allow_exclusive;
    int64_t queue_length;
    char pbx_units[AGENT_HOOK_BYTES]; /* joined by ',' */
    char pbx_stop_command[AGENT_HOOK_BYTES], pbx_start_command[AGENT_HOOK_BYTES];
    int64_t pbx_stop_timeout_s, pbx_start_timeout_s, pbx_max_stopped_s;
    char pbx_state_folder[AGENT_PATH_BYTES], pbx_socket[AGENT_PATH_BYTES];
    int64_t spool_max_kb, spool_max_days;
};

void agent_settings_defaults(struct agent_settings *settings);

/* Defaults, then the file at `path`. With `path` NULL the usual file is read, and may be missing. Returns 0 or -errno
 * with one sentence in `message`. */
int agent_settings_load(const char *path, struct agent_settings *settings,
                        char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;

/* The same with the state folder of the command line, unless `state_folder` is NULL. */
int agent_settings_load_with(const char *path, const char *state_folder, struct agent_settings *settings,
                             char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;

/* Every setting as a commented settings file. */
void agent_settings_print(FILE *out);

#endif
