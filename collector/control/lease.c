#include "control/lease.h"

#include "base/settings.h"
#include "control/row.h"
#include "database/array.h"
#include "exchange/secrets.h"
#include "proto/bytea.h"
#include "proto/limits.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_BYTES 24

static int check_schema(struct database *database)
{
    PGresult *result;
    int error = database_query(database, "select natsweep.schema_version() as version", 0, NULL, &result);
    if (error)
        return error;
    int64_t version = row_number(result, 0, "version");
    PQclear(result);
    return version < SCHEMA_VERSION ? LEASE_OLD_SCHEMA : LEASE_OK;
}

static void format_number(char text[NUMBER_BYTES], int64_t number)
{
    snprintf(text, NUMBER_BYTES, "%" PRId64, number);
}

static int start(struct lease *lease, struct database *database, const char *name)
{
    char instance[NUMBER_BYTES];
    format_number(instance, (int64_t)lease->instance);
    const char *const values[] = {name, instance, NATSWEEP_VERSION};
    PGresult *result;
    int error = database_query(database, "select natsweep.collector_start($1, $2::bigint, $3) as collector_id", 3,
                               values, &result);
    if (error)
        return error;
    lease->collector_id = row_number(result, 0, "collector_id");
    PQclear(result);
    return DATABASE_OK;
}

/* "a,b" as an array literal; the caller frees the array. */
static const char *list_literal(struct array *array, const char *list)
{
    const char *item;
    for (size_t len; (len = settings_next_item(&list, &item)) > 0;) {
        char text[WIRE_NAME_BYTES_MAX];
        if (len >= sizeof(text))
            continue; /* cut short it would be another endpoint */
        memcpy(text, item, len);
        text[len] = '\0';
        array_add_text(array, text);
    }
    return array_finish(array);
}

int lease_publish(const struct lease *lease, struct database *database, const struct lease_config *config,
                  const struct secrets *secrets)
{
    char collector_id[NUMBER_BYTES], key[BYTEA_TEXT_BYTES(CURVE_KEY_BYTES)];
    char next_key[BYTEA_TEXT_BYTES(CURVE_KEY_BYTES)];
    format_number(collector_id, lease->collector_id);
    bytea_format(config->public_key, CURVE_KEY_BYTES, key);
    bytea_format(secrets->next_public_key, CURVE_KEY_BYTES, next_key);
    struct array endpoints = {0}, enroll_endpoints = {0};
    const char *const values[] = {collector_id, key, list_literal(&endpoints, config->endpoints),
                                  list_literal(&enroll_endpoints, config->enroll_endpoints),
                                  secrets->has_next_key ? next_key : NULL};
    int error = DATABASE_RETRY;
    PGresult *result;
    if (values[2] && values[3])
        error = database_query(
            database, "select natsweep.collector_publish($1::bigint, $2::bytea, $3::text[], $4::text[], $5::bytea)", 5,
            values, &result);
    array_free(&endpoints);
    array_free(&enroll_endpoints);
    if (!error)
        PQclear(result);
    return error;
}

int lease_beat(const struct lease *lease, struct database *database)
{
    char collector_id[NUMBER_BYTES], instance[NUMBER_BYTES];
    format_number(collector_id, lease->collector_id);
    format_number(instance, (int64_t)lease->instance);
    const char *const values[] = {collector_id, instance};
    PGresult *result;
    int error =
        database_query(database, "select natsweep.collector_beat($1::bigint, $2::bigint) as ours", 2, values, &result);
    if (error)
        return error;
    bool ours = strcmp(row_text(result, 0, "ours"), "t") == 0;
    PQclear(result);
    return ours ? LEASE_OK : LEASE_SUPERSEDED;
}

/* After an outage the lease is renewed, never taken anew: another instance may have taken it in the meantime. */
int lease_take(struct lease *lease, struct database *database, const struct lease_config *config,
               const struct secrets *secrets)
{
    int error = check_schema(database);
    if (!error)
        error = lease->collector_id ? lease_beat(lease, database) : start(lease, database, config->name);
    if (!error)
        error = lease_publish(lease, database, config, secrets);
    return error;
}

int lease_give_up(const struct lease *lease, struct database *database)
{
    char collector_id[NUMBER_BYTES], instance[NUMBER_BYTES];
    if (lease->collector_id == 0)
        return DATABASE_OK;
    format_number(collector_id, lease->collector_id);
    format_number(instance, (int64_t)lease->instance);
    const char *const values[] = {collector_id, instance};
    PGresult *result;
    int error = database_query(database, "select natsweep.collector_stop($1::bigint, $2::bigint)", 2, values, &result);
    if (!error)
        PQclear(result);
    return error;
}
