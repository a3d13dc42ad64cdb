#include "collector/readiness.h"

#include "base/clock.h"
#include "database/database.h"
#include "proto/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#define PATIENCE_US 5000000u

static int check_schema(struct database *database)
{
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

int readiness_print(const struct collector_settings *settings, const struct curve_key_pair *key)
{
    char text[CURVE_KEY_TEXT_BYTES];
    printf("public key: %s\nagents connect to: %s\nagents enrol at: %s\n", curve_key_format(key->public_key, text),
           settings->agents_advertise, settings->enroll_advertise[0] ? settings->enroll_advertise : "nowhere");
    struct database *database =
        database_create(&(struct database_config){.dsn = settings->dsn, .name = "natsweep-check"});
    if (!database)
        return EX_OSERR;
    int exit_code = EX_TEMPFAIL;
    if (database_wait(database, clock_monotonic_us() + PATIENCE_US) == DATABASE_UP)
        exit_code = check_schema(database);
    else
        fprintf(stderr, "natsweep-collector: PostgreSQL cannot be reached: %s\n", database_message(database));
    database_destroy(database);
    return exit_code;
}
