#include "collector/readiness.h"

#include "base/clock.h"
#include "database/database.h"
#include "proto/bytea.h"
#include "proto/limits.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#define PATIENCE_US 5000000u

static int check_schema(struct database *database, const char *nothing)
{
    (void)nothing;
    PGresult *result;
    int error = database_query(database, "select natsweep.schema_version()", 0, NULL, &result);
    if (error) {
        fprintf(stderr, "natsweep-collector: the database does not serve a collector: %s\n",
                database_message(database));
        return error == DATABASE_BROKEN ? EX_CONFIG : EX_TEMPFAIL;
    }
    long version = strtol(PQgetvalue(result, 0, 0), NULL, 10);
    PQclear(result);
    if (version < SCHEMA_VERSION) {
        fprintf(stderr,
                "natsweep-collector: the schema has version %ld, but this program needs %d: run 'natsweep init'\n",
                version, SCHEMA_VERSION);
        return EX_CONFIG;
    }
    printf("schema version: %ld\n", version);
    return EX_OK;
}

/* Runs `ask` on a connection of its own. */
static int with_database(const struct collector_settings *settings, int (*ask)(struct database *, const char *),
                         const char *argument)
{
    struct database *database =
        database_create(&(struct database_config){.dsn = settings->dsn, .name = "natsweep-check"});
    if (!database)
        return EX_OSERR;
    int exit_code = EX_TEMPFAIL;
    if (database_wait(database, clock_monotonic_us() + PATIENCE_US) == DATABASE_UP)
        exit_code = ask(database, argument);
    else
        fprintf(stderr, "natsweep-collector: PostgreSQL cannot be reached: %s\n", database_message(database));
    database_destroy(database);
    return exit_code;
}

int readiness_print(const struct collector_settings *settings, const struct curve_key_pair *key)
{
    char text[CURVE_KEY_TEXT_BYTES];
    printf("public key: %s\nagents connect to: %s\nagents enrol at: %s\n", curve_key_format(key->public_key, text),
           settings->agents_advertise, settings->enroll_advertise[0] ? settings->enroll_advertise : "nowhere");
    return with_database(settings, check_schema, NULL);
}

static int check_told(struct database *database, const char *key)
{
    PGresult *result;
    int error = database_query(
        database,
        "select exists (select from natsweep.collector_directory(0, 10000) d where d.next_public_key = $1::bytea)", 1,
        &key, &result);
    if (error) {
        fprintf(stderr, "natsweep-collector: the database does not say whether agents know the next key: %s\n",
                database_message(database));
        return EX_TEMPFAIL;
    }
    bool told = PQgetvalue(result, 0, 0)[0] == 't';
    PQclear(result);
    if (!told)
        fprintf(stderr, "natsweep-collector: no agent has been told of the next key yet, and none would find this "
                        "collector again: reload it ('systemctl reload natsweep-collector'), and wait until 'natsweep "
                        "collector list' counts no agent behind\n");
    return told ? EX_OK : EX_TEMPFAIL;
}

int readiness_of_next_key(const struct collector_settings *settings, const uint8_t next_public_key[CURVE_KEY_BYTES])
{
    char key[BYTEA_TEXT_BYTES(CURVE_KEY_BYTES)];
    return with_database(settings, check_told, bytea_format(next_public_key, CURVE_KEY_BYTES, key));
}
