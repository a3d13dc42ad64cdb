#include "store/store_session.h"

#include "proto/wire.h"
#include "store/store_batch.h"
#include "store/store_reject.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FORMAT_TEXT 0
#define FORMAT_BINARY 1

static bool pending(const struct delivery *delivery)
{
    return delivery->fate == DELIVERY_PENDING;
}

/* Adds one delivery to the batch, or gives it its fate at once. */
static int add(struct store_session *session, struct store_batch *batch, int32_t item, struct delivery *delivery)
{
    const Natsweep__ReportBatch *message = delivery->envelope->report_batch;
    struct report *report;
    if (delivery->fault)
        return store_reject(session->database, delivery, delivery->fault);
    int error = wire_decode_report_batch(message, &report);
    if (error == WIRE_FIELD)
        return store_reject(session->database, delivery, wire_error_text(error));
    if (error || store_batch_add(batch, item, delivery->site_id, message, report) != 0)
        delivery->fate = DELIVERY_ABANDONED;
    if (!error)
        report_free(report);
    return DATABASE_OK;
}

static int call(struct store_session *session, const struct store_batch *batch, PGresult **result)
{
    static const char sql[] = "select item, status from natsweep.store_reports($1, $2, $3)";
    static const int formats[STORE_PARAMETERS] = {FORMAT_BINARY, FORMAT_BINARY, FORMAT_BINARY};
    Oid types[STORE_PARAMETERS];
    const char *values[STORE_PARAMETERS];
    int lengths[STORE_PARAMETERS];
    for (size_t i = 0; i < STORE_PARAMETERS; i++) {
        types[i] = session->types.array[i];
        values[i] = (const char *)batch->parameters[i].bytes;
        lengths[i] = (int)batch->parameters[i].len;
    }
    PGconn *connection = database_connection(session->database);
    if (!connection ||
        !PQsendQueryParams(connection, sql, STORE_PARAMETERS, types, values, lengths, formats, FORMAT_TEXT))
        return DATABASE_AWAY;
    return database_result(session->database, result);
}

/* Why a report of this status was not stored; NULL: it was. */
static const char *reason_of(const char *status)
{
    if (strcmp(status, "unknown") == 0)
        return "there is no such sweep of this site";
    if (strcmp(status, "overlapping") == 0)
        return "another batch of the sweep has some of its ports, too";
    return NULL;
}

/* The answers come after the commit: from here on a stored report may be deleted at its agent. */
static int apply(struct store_session *session, const PGresult *result, struct delivery *const *deliveries,
                 size_t count)
{
    for (int row = 0; row < PQntuples(result); row++) {
        size_t item = strtoul(PQgetvalue(result, row, 0), NULL, 10);
        if (item >= count)
            continue;
        const char *reason = reason_of(PQgetvalue(result, row, 1));
        if (!reason) {
            deliveries[item]->fate = DELIVERY_STORED;
            continue;
        }
        int error = store_reject(session->database, deliveries[item], reason);
        if (error)
            return error;
    }
    return DATABASE_OK;
}

static int store_batch_of(struct store_session *session, struct store_batch *batch, struct delivery *const *deliveries,
                          size_t count)
{
    for (size_t i = 0; i < count; i++) {
        int error = pending(deliveries[i]) ? add(session, batch, (int32_t)i, deliveries[i]) : DATABASE_OK;
        if (error)
            return error;
    }
    if (store_batch_finish(batch) == -ENOMEM)
        return DATABASE_RETRY;
    if (batch->elements[STORE_REPORTS] == 0)
        return DATABASE_OK;
    PGresult *result;
    int error = call(session, batch, &result);
    if (error)
        return error;
    error = apply(session, result, deliveries, count);
    PQclear(result);
    return error;
}

static int store_once(struct store_session *session, struct delivery *const *deliveries, size_t count)
{
    struct store_batch batch;
    if (!session->types_known) {
        int error = store_types_ask(session->database, &session->types);
        if (error)
            return error;
        session->types_known = true;
    }
    store_batch_begin(&batch, &session->types);
    int error = store_batch_of(session, &batch, deliveries, count);
    store_batch_free(&batch);
    session->types_known = error == DATABASE_OK || error == DATABASE_REJECTED;
    return error;
}

int store_session_store(struct store_session *session, struct delivery *const *deliveries, size_t count)
{
    int error = count ? store_once(session, deliveries, count) : DATABASE_OK;
    if (error != DATABASE_REJECTED)
        return error;
    if (count == 1)
        return store_reject(session->database, deliveries[0], database_message(session->database));
    error = store_session_store(session, deliveries, count / 2);
    if (error)
        return error;
    return store_session_store(session, deliveries + count / 2, count - count / 2);
}
