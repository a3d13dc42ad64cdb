#include "alert/outbox.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define US_PER_S 1000000
#define NUMBER_BYTES 24

enum { DELIVERY_ID, EVENT, ATTEMPT, URL, SECRET, PRIVATE_ALLOWED, BODY };

static const char CLAIM_SQL[] = "select delivery_id, event, attempt, url, secret, private_allowed, body"
                                " from natsweep.claim_webhooks($1::uuid, $2::integer)";

void outbox_sender(char sender[OUTBOX_SENDER_BYTES])
{
    uint64_t high = random_u64(), low = random_u64();
    snprintf(sender, OUTBOX_SENDER_BYTES, "%08" PRIx32 "-%04x-%04x-%04x-%012" PRIx64, (uint32_t)(high >> 32),
             (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xffff), (unsigned)(low >> 48), low & 0xffffffffffffu);
}

static struct post *make_post(const PGresult *result, int row, const char *ca_file)
{
    size_t secret_bytes = 0;
    uint8_t *secret = PQunescapeBytea((const uint8_t *)PQgetvalue(result, row, SECRET), &secret_bytes);
    const struct post_event event = {
        .delivery_id = PQgetvalue(result, row, DELIVERY_ID),
        .event = PQgetvalue(result, row, EVENT),
        .attempt = PQgetvalue(result, row, ATTEMPT),
        .url = PQgetvalue(result, row, URL),
        .body = PQgetvalue(result, row, BODY),
        .secret = secret,
        .secret_bytes = secret_bytes,
        .private_allowed = strcmp(PQgetvalue(result, row, PRIVATE_ALLOWED), "t") == 0,
    };
    struct post *post = secret ? post_create(&event, ca_file, clock_wall_us() / US_PER_S) : NULL;
    if (secret)
        explicit_bzero(secret, secret_bytes);
    PQfreemem(secret);
    if (!post)
        log_error("alert", event.delivery_id, "out of memory: the event is sent later");
    return post;
}

int outbox_claim(struct database *database, const char *sender, size_t count_max, const char *ca_file,
                 struct post *posts[], size_t *count)
{
    char limit[NUMBER_BYTES];
    snprintf(limit, sizeof(limit), "%zu", count_max);
    const char *const values[] = {sender, limit};
    PGresult *result;
    int error = database_query(database, CLAIM_SQL, 2, values, &result);
    if (error)
        return error;
    *count = 0;
    for (int row = 0; row < PQntuples(result) && *count < count_max; row++) {
        posts[*count] = make_post(result, row, ca_file);
        if (posts[*count])
            (*count)++;
    }
    PQclear(result);
    return DATABASE_OK;
}

int outbox_done(struct database *database, const char *sender, const char *delivery_id,
                const struct post_result *outcome)
{
    char status[NUMBER_BYTES];
    snprintf(status, sizeof(status), "%ld", outcome->status);
    const char *const values[] = {sender, delivery_id, outcome->status > 0 ? status : NULL,
                                  outcome->arrived ? NULL : outcome->error};
    PGresult *result;
    int error = database_query(database, "select natsweep.webhook_done($1::uuid, $2::uuid, $3::integer, $4)", 4, values,
                               &result);
    if (!error)
        PQclear(result);
    return error;
}
