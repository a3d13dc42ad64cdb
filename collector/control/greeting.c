#include "control/greeting.h"

#include "base/log.h"
#include "control/command.h"
#include "control/dispatch.h"
#include "control/rekey.h"
#include "control/row.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define BATCH 64 /* hellos before the lease and the others have their turn: a fleet may come back at once */
#define US_PER_MS 1000

#define SQL                                                                                                            \
    "select sweep_id, generation, decision"                                                                            \
    " from natsweep.agent_hello($1::bigint, $2::bigint, $3::bigint, $4, $5, $6::bigint, $7::boolean, $8::bigint[],"    \
    " $9::bigint[])"

struct parameters {
    char collector_id[STATE_NUMBER_BYTES], agent_id[STATE_NUMBER_BYTES], instance[STATE_NUMBER_BYTES];
    char clock_offset_ms[STATE_NUMBER_BYTES];
    struct array running, finished;
};

static void fill(struct parameters *parameters, const struct state *state, const struct agent *agent)
{
    const Natsweep__Hello *hello = agent->hello->hello;
    state_collector_id(state, parameters->collector_id);
    snprintf(parameters->agent_id, STATE_NUMBER_BYTES, "%" PRId64, agent->agent_id);
    snprintf(parameters->instance, STATE_NUMBER_BYTES, "%" PRId64, (int64_t)hello->instance);
    /* Any number may come as a clock; the difference must not overflow. */
    int64_t offset_ms = hello->clock_us / US_PER_MS - agent->hello_at_us / US_PER_MS;
    snprintf(parameters->clock_offset_ms, STATE_NUMBER_BYTES, "%" PRId64, offset_ms);
    for (size_t i = 0; i < hello->n_running; i++)
        array_add_number(&parameters->running, (int64_t)hello->running[i]->sweep_id);
    for (size_t i = 0; i < hello->n_finished; i++)
        array_add_number(&parameters->finished, (int64_t)hello->finished[i]);
}

static int ask(struct state *state, const struct agent *agent, PGresult **result)
{
    const Natsweep__Hello *hello = agent->hello->hello;
    struct parameters parameters = {.running = {0}};
    fill(&parameters, state, agent);
    const char *const values[] = {parameters.collector_id,
                                  parameters.agent_id,
                                  parameters.instance,
                                  hello->agent_version,
                                  hello->hostname,
                                  parameters.clock_offset_ms,
                                  hello->live ? "true" : "false",
                                  array_finish(&parameters.running),
                                  array_finish(&parameters.finished)};
    int error = DATABASE_RETRY;
    if (values[7] && values[8])
        error = database_query(state->database, SQL, (int)ARRAY_LEN(values), values, result);
    array_free(&parameters.running);
    array_free(&parameters.finished);
    return error;
}

/* Returns whether there is something to resend. */
static bool decide(struct state *state, struct agent *agent, const PGresult *result, struct array *resends)
{
    bool resend = false;
    for (int row = 0; row < PQntuples(result); row++) {
        const char *decision = row_text(result, row, "decision");
        struct sweep_key key = {.sweep_id = (uint64_t)row_number(result, row, "sweep_id"),
                                .generation = (uint32_t)row_number(result, row, "generation")};
        if (strcmp(decision, "adopt") == 0) {
            agent_adopt(agent, key);
        } else if (strcmp(decision, "cancel") == 0) {
            dispatch_cancel(state, agent->agent_id, key, "no longer wanted");
        } else if (strcmp(decision, "resend") == 0) {
            array_add_number(resends, (int64_t)key.sweep_id);
            resend = true;
        }
    }
    return resend;
}

static int greet(struct state *state, struct agent *agent)
{
    PGresult *result;
    int error = agent->by_next_key ? rekey_used(state, agent) : DATABASE_OK;
    if (!error)
        error = ask(state, agent, &result);
    if (error)
        return error;
    struct array resends = {0};
    if (decide(state, agent, result, &resends))
        error = dispatch_resend(state, array_finish(&resends));
    array_free(&resends);
    PQclear(result);
    return error;
}

/* A hello that the database refuses would be refused again. */
static void settle(struct state *state, struct agent *agent, int error)
{
    if (error)
        log_error("control", agent->hello->hello->hostname, "a hello is refused by the database: %s",
                  database_message(state->database));
    wire_free(agent->hello);
    agent->hello = NULL;
    agent->greeted = !error;
}

int greeting_job(struct state *state)
{
    int budget = BATCH;
    state->hellos_wait = false;
    for (struct agent *agent = agents_next(state->agents, NULL); agent; agent = agents_next(state->agents, agent)) {
        if (!agent->hello)
            continue;
        int error = budget-- > 0 ? greet(state, agent) : DATABASE_RETRY;
        if (error == DATABASE_AWAY || error == DATABASE_RETRY) {
            state->hellos_wait = true;
            return budget < 0 ? DATABASE_OK : error;
        }
        settle(state, agent, error);
        state->work_hint = true; /* there may be work for it */
    }
    return DATABASE_OK;
}
