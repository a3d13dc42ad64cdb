#include "control/keys.h"

#include "control/row.h"
#include "proto/text.h"

#include <stdlib.h>
#include <string.h>

static enum agent_state state_of(const char *word)
{
    if (strcmp(word, "active") == 0)
        return AGENT_ACTIVE;
    return strcmp(word, "pending") == 0 ? AGENT_PENDING : AGENT_REVOKED; /* what is not known may not work */
}

static int read_key(const PGresult *result, int row, struct agent_key *key)
{
    size_t len;
    unsigned char *bytes = PQunescapeBytea((const unsigned char *)row_text(result, row, "public_key"), &len);
    if (!bytes || len != CURVE_KEY_BYTES) {
        PQfreemem(bytes);
        return -1;
    }
    memcpy(key->public_key, bytes, CURVE_KEY_BYTES);
    PQfreemem(bytes);
    key->agent_id = row_number(result, row, "agent_id");
    key->site_id = row_number(result, row, "site_id");
    key->is_next = row_text(result, row, "is_next")[0] == 't';
    key->new_key_wanted = row_text(result, row, "new_key_wanted")[0] == 't';
    key->state = state_of(row_text(result, row, "state"));
    text_copy(key->site, sizeof(key->site), row_text(result, row, "site"), TEXT_LINE);
    return 0;
}

static struct order *order_of(const PGresult *result)
{
    struct order *order = order_create(ORDER_KEYRING);
    if (!order)
        return NULL;
    int rows = PQntuples(result);
    order->keys = calloc(rows > 0 ? (size_t)rows : 1, sizeof(*order->keys));
    if (!order->keys) {
        order_free(order);
        return NULL;
    }
    for (int row = 0; row < rows; row++)
        order->key_count += read_key(result, row, &order->keys[order->key_count]) == 0;
    return order;
}

int keys_read(struct database *database, struct order **out)
{
    PGresult *result;
    int error = database_query(
        database,
        "select agent_id, site_id, public_key, is_next, new_key_wanted, state, site from natsweep.agent_keys()", 0,
        NULL, &result);
    if (error)
        return error;
    struct order *order = order_of(result);
    PQclear(result);
    if (!order)
        return DATABASE_RETRY;
    *out = order;
    return DATABASE_OK;
}
