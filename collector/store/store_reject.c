#include "store/store_reject.h"

#include "base/log.h"
#include "proto/text.h"
#include "store/pg_binary.h"

#include <stdio.h>
#include <string.h>

#define VALUES 6
#define NUMBERS 4
#define NUMBER_BYTES 24
#define FORMAT_TEXT 0
#define FORMAT_BINARY 1

static int keep(struct database *database, const struct delivery *delivery, const char *reason)
{
    static const char sql[] = "select natsweep.reject_report($1, $2, $3, $4, $5, $6)";
    static const Oid types[VALUES] = {PG_INT8, PG_INT8, PG_INT8, PG_INT4, PG_TEXT, PG_BYTEA};
    static const int formats[VALUES] = {[VALUES - 1] = FORMAT_BINARY};
    const Natsweep__ReportBatch *message = delivery->envelope->report_batch;
    char numbers[NUMBERS][NUMBER_BYTES];
    snprintf(numbers[0], NUMBER_BYTES, "%lld", (long long)delivery->agent_id);
    snprintf(numbers[1], NUMBER_BYTES, "%lld", (long long)delivery->site_id);
    snprintf(numbers[2], NUMBER_BYTES, "%llu", (unsigned long long)message->sweep_id);
    snprintf(numbers[3], NUMBER_BYTES, "%u", message->batch);

    const char *values[VALUES] = {numbers[0], numbers[1], numbers[2],
                                  numbers[3], reason,     (const char *)delivery->frame};
    const int lengths[VALUES] = {[VALUES - 1] = (int)delivery->frame_bytes};
    PGconn *connection = database_connection(database);
    if (!connection || !PQsendQueryParams(connection, sql, VALUES, types, values, lengths, formats, FORMAT_TEXT))
        return DATABASE_AWAY;
    PGresult *result;
    int error = database_result(database, &result);
    if (!error)
        PQclear(result);
    return error;
}

int store_reject(struct database *database, struct delivery *delivery, const char *reason)
{
    char message[WIRE_TEXT_BYTES_MAX];
    text_copy(message, sizeof message, reason, TEXT_LINE);
    int error = keep(database, delivery, message);
    if (error && error != DATABASE_REJECTED)
        return error;
    log_warning("store", NULL, "agent %lld: batch %u of sweep %llu is rejected%s: %s", (long long)delivery->agent_id,
                delivery->envelope->report_batch->batch, (unsigned long long)delivery->envelope->report_batch->sweep_id,
                error ? " and cannot be kept" : "", message);
    memcpy(delivery->message, message, sizeof delivery->message);
    delivery->fate = DELIVERY_REJECTED;
    return DATABASE_OK;
}
