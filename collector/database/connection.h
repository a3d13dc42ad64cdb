/* A connection as the files of this folder see it. */
#ifndef DATABASE_CONNECTION_H
#define DATABASE_CONNECTION_H

#include "base/backoff.h"
#include "database/database.h"

#include <stdbool.h>
#include <stddef.h>

#define DATABASE_MESSAGE_BYTES 512

struct database {
    struct database_config config;
    PGconn *connection;
    enum database_state state;
    PostgresPollingStatusType polling; /* while connecting: what PQconnectPoll waits for */
    struct backoff backoff;
    uint64_t wake_us; /* down: the next attempt; connecting: the deadline of this host */
    size_t next_host;
    bool outage_logged;
    PGnotify *notification;
    char message[DATABASE_MESSAGE_BYTES];
};

/* libpq's messages have several lines and end in a newline; database_message() has one. */
void connection_remember(struct database *database, const char *text);

/* Ends an established connection that is of no more use; the next attempt begins at once. Returns DATABASE_AWAY. */
int connection_lost(struct database *database);

/* For poll(): at most a minute. */
int connection_ms_until(uint64_t deadline_us, uint64_t now_us);

#endif
