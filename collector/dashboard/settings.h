/* The dashboard's settings file. */
#ifndef DASHBOARD_SETTINGS_H
#define DASHBOARD_SETTINGS_H

#include "base/address.h"
#include "base/attributes.h"
#include "base/log.h"
#include "base/settings.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct dashboard_settings {
    enum log_level log_level;
    char listen[ADDRESS_TEXT_BYTES];
    bool behind_tls;
    char proxy[ADDRESS_TEXT_BYTES];
    char dsn[1024];
    int64_t sessions_max, idle_minutes, hours_max;
    int64_t connections_max, connection_idle_s;
    int64_t sign_ins_per_minute, all_sign_ins_per_minute;
    int64_t statement_s, answer_mb;
    struct address address;       /* `listen` parsed */
    struct address proxy_address; /* `proxy` parsed; unknown when there is none */
};

/* Reads a file over the defaults and checks that what it says fits together. Returns 0, or -errno with one sentence in
 * `message`. */
int dashboard_settings_load(const char *path, struct dashboard_settings *settings,
                            char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;
void dashboard_settings_print(FILE *out);

#endif
