#include "control/ledger.h"

#include "base/log.h"

#include <inttypes.h>

#define BATCH 1000
#define COLUMNS_MAX 5

/* Array parameters that follow the collector's number. */
struct batch {
    struct array columns[COLUMNS_MAX];
    size_t count;
};

static bool is_passing(int error)
{
    return error == DATABASE_AWAY || error == DATABASE_RETRY;
}

/* Runs `sql` with the collector and the columns and empties them. */
static int write_batch(struct state *state, const char *sql, struct batch *batch)
{
    char collector_id[STATE_NUMBER_BYTES];
    const char *values[1 + COLUMNS_MAX] = {state_collector_id(state, collector_id)};
    bool complete = true;
    for (size_t i = 0; i < batch->count; i++) {
        values[1 + i] = array_finish(&batch->columns[i]);
        complete = complete && values[1 + i];
    }
    PGresult *result = NULL;
    int error = DATABASE_RETRY;
    if (complete)
        error = database_query(state->database, sql, 1 + (int)batch->count, values, &result);
    PQclear(result);
    for (size_t i = 0; i < batch->count; i++)
        array_free(&batch->columns[i]);
    return error;
}

int ledger_events_job(struct state *state)
{
    struct batch batch = {.count = 5};
    size_t count = state->events.count < BATCH ? state->events.count : BATCH;
    state->events_wait = false;
    if (count == 0)
        return DATABASE_OK;
    for (size_t i = 0; i < count; i++) {
        const struct event *event = events_at(&state->events, i);
        array_add_number(&batch.columns[0], event->agent_id);
        array_add_number(&batch.columns[1], (int64_t)event->key.sweep_id);
        array_add_number(&batch.columns[2], event->key.generation);
        array_add_text(&batch.columns[3], event_word(event->kind));
        array_add_text(&batch.columns[4], event->detail);
    }
    int error = write_batch(state,
                            "select 1 from natsweep.sweep_events($1::bigint, $2::bigint[], $3::bigint[], $4::integer[],"
                            " $5::text[], $6::text[])",
                            &batch);
    state->events_wait = is_passing(error) || state->events.count > count;
    if (is_passing(error))
        return error;
    events_drop(&state->events, count); /* also when refused: the same batch would be refused for ever */
    if (state->events.lost > 0)
        log_error("control", NULL, "%" PRIu64 " answers of agents were lost while PostgreSQL was away",
                  state->events.lost);
    state->events.lost = 0;
    return error;
}

int ledger_progress_job(struct state *state)
{
    struct batch batch = {.count = 5};
    for (struct agent *agent = agents_next(state->agents, NULL); agent; agent = agents_next(state->agents, agent)) {
        struct agent_progress *progress = &agent->progress;
        if (!progress->changed || batch.columns[0].elements >= BATCH)
            continue;
        progress->changed = false; /* not worth keeping: the next one says more */
        array_add_number(&batch.columns[0], agent->agent_id);
        array_add_number(&batch.columns[1], (int64_t)progress->key.sweep_id);
        array_add_number(&batch.columns[2], progress->key.generation);
        array_add_number(&batch.columns[3], progress->ports_done);
        array_add_number(&batch.columns[4], progress->remaining_ms);
    }
    if (batch.columns[0].elements == 0)
        return DATABASE_OK;
    return write_batch(state,
                       "select natsweep.sweep_progress($1::bigint, $2::bigint[], $3::bigint[], $4::integer[],"
                       " $5::integer[], $6::bigint[])",
                       &batch);
}

static void add_seen(struct batch *batch, struct agent *agent)
{
    agent->seen = false;
    array_add_number(&batch->columns[0], agent->agent_id);
    array_add_number(&batch->columns[1], agent->spool_depth);
    array_add_number(&batch->columns[2], (int64_t)agent->spool_lost);
    array_add_text(&batch->columns[3], agent->address);
}

int ledger_seen_job(struct state *state)
{
    struct batch batch = {.count = 4};
    for (struct agent *agent = agents_next(state->agents, NULL); agent; agent = agents_next(state->agents, agent)) {
        if (agent->seen && agent->greeted)
            add_seen(&batch, agent);
    }
    if (batch.columns[0].elements == 0)
        return DATABASE_OK;
    return write_batch(state,
                       "select natsweep.agents_seen($1::bigint, $2::bigint[], $3::integer[], $4::bigint[], $5::text[])",
                       &batch);
}

int ledger_gone_job(struct state *state)
{
    if (state->gone.elements == 0)
        return DATABASE_OK;
    char collector_id[STATE_NUMBER_BYTES];
    const char *const values[] = {state_collector_id(state, collector_id), array_finish(&state->gone)};
    PGresult *result = NULL;
    int error = DATABASE_REJECTED;
    if (values[1])
        error = database_query(state->database, "select natsweep.agents_gone($1::bigint, $2::bigint[])", 2, values,
                               &result);
    PQclear(result);
    if (is_passing(error))
        array_reopen(&state->gone);
    else
        array_free(&state->gone);
    return error;
}
