#include "control/collectors.h"

#include "base/settings.h"
#include "control/row.h"
#include "exchange/order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SQL "select endpoint, public_key, next_public_key from natsweep.collector_directory($1::bigint, $2::integer)"

void collectors_begin(struct state *state)
{
    const char *list = state->config.lease.endpoints, *item;
    for (size_t len; (len = settings_next_item(&list, &item)) > 0;) {
        char endpoint[WIRE_NAME_BYTES_MAX];
        if (len >= sizeof(endpoint))
            continue; /* cut short it would be another endpoint */
        memcpy(endpoint, item, len);
        endpoint[len] = '\0';
        directory_add(&state->directory, endpoint, state->config.lease.public_key);
    }
}

/* The bytes of a key; NULL when there is none, or it is none. The caller frees them by PQfreemem. */
static uint8_t *key_of(const PGresult *result, int row, const char *column)
{
    size_t len = 0;
    unsigned char *bytes = PQunescapeBytea((const unsigned char *)row_text(result, row, column), &len);
    if (bytes && len == CURVE_KEY_BYTES)
        return bytes;
    PQfreemem(bytes);
    return NULL;
}

static void fill(const PGresult *result, struct directory *directory)
{
    for (int row = 0; row < PQntuples(result); row++) {
        uint8_t *key = key_of(result, row, "public_key");
        if (key)
            directory_add(directory, row_text(result, row, "endpoint"), key);
        PQfreemem(key);
    }
    for (int row = 0; row < PQntuples(result); row++) {
        uint8_t *key = key_of(result, row, "next_public_key");
        if (key)
            directory_add_next_key(directory, key);
        PQfreemem(key);
    }
}

static int tell_gateway(const struct state *state, const struct directory *directory)
{
    struct order *order = order_create(ORDER_DIRECTORY);
    if (!order)
        return DATABASE_RETRY;
    order->directory = malloc(sizeof(*order->directory));
    if (order->directory)
        *order->directory = *directory;
    if (order->directory && mailbox_send(state->config.gateway, order) == 0)
        return DATABASE_OK;
    order_free(order);
    return DATABASE_RETRY;
}

int collectors_job(struct state *state)
{
    char collector_id[STATE_NUMBER_BYTES], most[STATE_NUMBER_BYTES];
    snprintf(most, sizeof(most), "%d", DIRECTORY_ENDPOINTS_MAX);
    const char *const values[] = {state_collector_id(state, collector_id), most};
    PGresult *result;
    int error = database_query(state->database, SQL, 2, values, &result);
    if (error)
        return error;
    struct directory directory = {0};
    fill(result, &directory);
    PQclear(result);
    if (directory.endpoint_count == 0 || (state->directory_told && directory_equal(&directory, &state->directory)))
        return DATABASE_OK;
    error = tell_gateway(state, &directory);
    if (error)
        return error;
    state->directory = directory;
    state->directory_told = true;
    return DATABASE_OK;
}
