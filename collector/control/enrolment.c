#include "control/enrolment.h"

#include "base/log.h"
#include "control/row.h"
#include "proto/bytea.h"
#include "proto/limits.h"
#include "proto/text.h"
#include "proto/token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct status_row {
    const char *word;
    Natsweep__Enrolled__Status status;
    const char *message;
};

static const struct status_row unavailable = {"unavailable", NATSWEEP__ENROLLED__STATUS__UNAVAILABLE,
                                              "the collector has no database just now: try again in a minute"};

static const struct status_row *status_row(const char *word)
{
    static const struct status_row rows[] = {
        {"enrolled", NATSWEEP__ENROLLED__STATUS__ENROLLED, "enrolled"},
        {"pending", NATSWEEP__ENROLLED__STATUS__PENDING, "enrolled; an operator has to approve this agent"},
        {"token_unknown", NATSWEEP__ENROLLED__STATUS__TOKEN_UNKNOWN, "this token is not known: ask for a new one"},
        {"token_expired", NATSWEEP__ENROLLED__STATUS__TOKEN_EXPIRED, "this token has expired: ask for a new one"},
        {"token_used", NATSWEEP__ENROLLED__STATUS__TOKEN_USED, "this token has been used up: ask for a new one"},
        {"key_known", NATSWEEP__ENROLLED__STATUS__KEY_KNOWN,
         "this agent's key is enrolled with another token: is this host a copy of another? Then make a new key"},
        {"revoked", NATSWEEP__ENROLLED__STATUS__REVOKED, "this agent's key was revoked: make a new key"},
    };
    for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
        if (strcmp(word, rows[i].word) == 0)
            return &rows[i];
    }
    return &unavailable;
}

static int ask(struct database *database, const struct notice *notice, PGresult **result)
{
    const Natsweep__Enroll *enroll = notice->envelope->enroll;
    uint8_t digest[TOKEN_HASH_BYTES];
    char hash[BYTEA_TEXT_BYTES(TOKEN_HASH_BYTES)], key[BYTEA_TEXT_BYTES(CURVE_KEY_BYTES)];
    token_hash(enroll->token.data, enroll->token.len, digest);
    bytea_format(digest, sizeof(digest), hash);
    bytea_format(notice->public_key, CURVE_KEY_BYTES, key);
    const char *const values[] = {hash, key, enroll->hostname, enroll->agent_version};
    return database_query(
        database,
        "select status, agent_id, site_id, site, customer from natsweep.enroll_agent($1::bytea, $2::bytea, $3, $4)", 4,
        values, result);
}

static struct order *encode(const struct notice *notice, Natsweep__Enrolled *enrolled)
{
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_ENROLLED;
    envelope.enrolled = enrolled;
    struct order *order = order_create(ORDER_REPLY);
    if (order && wire_encode(&envelope, &order->frame, &order->frame_bytes) != WIRE_OK) {
        order_free(order);
        order = NULL;
    }
    if (order)
        order->route = notice->route;
    return order;
}

/* `result` NULL: no answer of the database. */
static struct order *answer(const struct directory *directory, const struct notice *notice,
                            const struct status_row *row, const PGresult *result)
{
    char site[WIRE_NAME_BYTES_MAX] = "", customer[WIRE_NAME_BYTES_MAX] = "", message[WIRE_TEXT_BYTES_MAX];
    Natsweep__Enrolled enrolled = NATSWEEP__ENROLLED__INIT;
    struct directory_lists lists;
    enrolled.status = row->status;
    enrolled.message = text_copy(message, sizeof(message), row->message, TEXT_LINE);
    enrolled.site = site;
    enrolled.customer = customer;
    bool joined =
        row->status == NATSWEEP__ENROLLED__STATUS__ENROLLED || row->status == NATSWEEP__ENROLLED__STATUS__PENDING;
    if (joined) {
        text_copy(site, sizeof(site), row_text(result, 0, "site"), TEXT_LINE);
        text_copy(customer, sizeof(customer), row_text(result, 0, "customer"), TEXT_LINE);
        directory_lend(directory, &lists);
        enrolled.n_endpoints = directory->endpoint_count;
        enrolled.endpoints = lists.endpoints;
        enrolled.n_server_keys = directory->key_count;
        enrolled.server_keys = lists.keys;
    }
    return encode(notice, &enrolled);
}

static struct order *key_order(const struct notice *notice, const struct status_row *row, const PGresult *result)
{
    bool active = row->status == NATSWEEP__ENROLLED__STATUS__ENROLLED;
    if (!active && row->status != NATSWEEP__ENROLLED__STATUS__PENDING)
        return NULL;
    struct order *order = order_create(ORDER_KEY);
    struct agent_key *key = calloc(1, sizeof(*key));
    if (!order || !key) {
        order_free(order);
        free(key);
        return NULL;
    }
    key->agent_id = row_number(result, 0, "agent_id");
    key->site_id = row_number(result, 0, "site_id");
    key->state = active ? AGENT_ACTIVE : AGENT_PENDING;
    memcpy(key->public_key, notice->public_key, CURVE_KEY_BYTES);
    text_copy(key->site, sizeof(key->site), row_text(result, 0, "site"), TEXT_LINE);
    order->keys = key;
    order->key_count = 1;
    return order;
}

int enrolment_answer(struct database *database, const struct directory *directory, const struct notice *notice,
                     struct enrolment_orders *out)
{
    PGresult *result = NULL;
    int error = database ? ask(database, notice, &result) : DATABASE_AWAY;
    const struct status_row *row = &unavailable;
    if (!error && PQntuples(result) == 1)
        row = status_row(row_text(result, 0, "status"));
    log_info("enrolment", notice->address, "%s: %s", notice->envelope->enroll->hostname, row->message);
    *out = (struct enrolment_orders){.key = key_order(notice, row, result),
                                     .reply = answer(directory, notice, row, result)};
    PQclear(result);
    return error;
}
