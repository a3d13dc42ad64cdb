/* The collector's settings file. */
#ifndef COLLECTOR_SETTINGS_H
#define COLLECTOR_SETTINGS_H

#include "base/address.h"
#include "base/attributes.h"
#include "base/log.h"
#include "base/settings.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define SETTINGS_LIST_BYTES 1024
#define SETTINGS_WRITERS_MAX 16 /* store.writers: each keeps a connection, and two fill a core of the database */

struct collector_settings {
    char name[64];
    enum log_level log_level;
    char key_file[256];
    int64_t drain_ms;
    char dsn[1024];
    char agents_listen[SETTINGS_LIST_BYTES], agents_advertise[SETTINGS_LIST_BYTES];
    int64_t heartbeat_ms, heartbeat_misses;
    char enroll_listen[SETTINGS_LIST_BYTES], enroll_advertise[SETTINGS_LIST_BYTES];
    int64_t enroll_source_per_minute, enroll_total_per_minute;
    int64_t store_writers, store_queue_mb;
    char turn_secret_file[256];
    bool webhook_send;
    char webhook_ca_file[256];
    char watch_listen[64];
    struct address watch_address; /* the same; unknown: nobody is to watch */
};

/* Reads a file over the defaults and checks that what it says fits together. Returns 0, or -errno with one sentence in
 * `message`. */
int collector_settings_load(const char *path, struct collector_settings *settings,
                            char message[SETTINGS_MESSAGE_BYTES]) MUST_CHECK;
void collector_settings_print(FILE *out);

#endif
