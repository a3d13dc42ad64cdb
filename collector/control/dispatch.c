#include "control/dispatch.h"

#include "base/clock.h"
#include "base/log.h"
#include "control/command.h"
#include "control/row.h"

#include <errno.h>
#include <inttypes.h>

#define CLAIM_MAX 500 /* one claim; more follow at once */
#define CLAIM_MAX_TEXT "500"
#define COMMAND_COLUMNS                                                                                                \
    "sweep_id, generation, agent_id, at_us, expires_in_s, deadline_s, transports, firsts, lasts, roles, expects,"      \
    " groups, servers, turn_server, sip_echo, family, mode, pace_pps, patience_s"

static void send_order(struct state *state, struct order *order)
{
    if (mailbox_send(state->config.gateway, order) == 0)
        return;
    log_error("control", NULL, "out of memory: an order is lost");
    order_free(order);
}

static void send_row(struct state *state, const PGresult *result, int row)
{
    struct order *order;
    struct sweep_key key;
    int64_t agent_id = row_number(result, row, "agent_id");
    const char *turn_secret = state->config.secrets.turn_secret;
    int error = command_order(result, row, turn_secret[0] ? turn_secret : NULL, clock_wall_us(), &order, &key.sweep_id,
                              &key.generation);
    if (!error) {
        send_order(state, order);
        return;
    }
    if (error == -ENOMEM) {
        events_add(&state->events, EVENT_UNDELIVERED, agent_id, key, NULL);
    } else {
        log_warning("control", NULL, "sweep %" PRIu64 " cannot be commanded; is a vantage configured?", key.sweep_id);
        events_add(&state->events, EVENT_REFUSED, agent_id, key,
                   "bad_command: no command can be made of this sweep; is a vantage configured?");
    }
    state->events_wait = true;
}

static int send_rows(struct state *state, const PGresult *result)
{
    int rows = PQntuples(result);
    for (int row = 0; row < rows; row++)
        send_row(state, result, row);
    return rows;
}

int dispatch_claim_job(struct state *state)
{
    char collector_id[STATE_NUMBER_BYTES];
    struct array ids = {0};
    state->work_hint = false;
    for (struct agent *agent = agents_next(state->agents, NULL); agent; agent = agents_next(state->agents, agent)) {
        if (agent->greeted)
            array_add_number(&ids, agent->agent_id);
    }
    if (ids.elements == 0 || state->draining) {
        array_free(&ids);
        return DATABASE_OK;
    }
    const char *const values[] = {state_collector_id(state, collector_id), array_finish(&ids)};
    PGresult *result;
    int error = DATABASE_RETRY;
    if (values[1])
        error = database_query(state->database,
                               "select " COMMAND_COLUMNS
                               " from natsweep.claim_sweeps($1::bigint, $2::bigint[], " CLAIM_MAX_TEXT ")",
                               2, values, &result);
    array_free(&ids);
    if (error)
        return error;
    int claimed = send_rows(state, result);
    tallies_add(state->config.tallies, TALLY_SWEEPS_CLAIMED, claimed);
    state->work_hint = claimed == CLAIM_MAX;
    PQclear(result);
    return DATABASE_OK;
}

int dispatch_resend(struct state *state, const char *sweep_ids)
{
    char collector_id[STATE_NUMBER_BYTES];
    const char *const values[] = {state_collector_id(state, collector_id), sweep_ids};
    PGresult *result;
    int error = database_query(state->database,
                               "select " COMMAND_COLUMNS " from natsweep.resends($1::bigint, coalesce($2::bigint[],"
                               " array(select s.sweep_id from natsweep.sweep s"
                               " where s.collector_id = $1::bigint and s.state = 'sent')))",
                               2, values, &result);
    if (error)
        return error;
    (void)send_rows(state, result);
    PQclear(result);
    return DATABASE_OK;
}

void dispatch_cancel(struct state *state, int64_t agent_id, struct sweep_key key, const char *message)
{
    struct order *order;
    if (command_cancel(agent_id, key.sweep_id, key.generation, message, &order) == 0)
        send_order(state, order);
    else
        log_error("control", NULL, "out of memory: a cancel is lost");
}

/* Only now: when the connection broke before, the same cancels come again, which harms no agent. */
static int note_told(struct state *state, struct array *told)
{
    char collector_id[STATE_NUMBER_BYTES];
    const char *const values[] = {state_collector_id(state, collector_id), array_finish(told)};
    PGresult *result = NULL;
    int error = DATABASE_RETRY;
    if (values[1])
        error = database_query(state->database, "select natsweep.cancels_told($1::bigint, $2::bigint[])", 2, values,
                               &result);
    PQclear(result);
    return error;
}

int dispatch_cancel_job(struct state *state)
{
    char collector_id[STATE_NUMBER_BYTES];
    struct array told = {0};
    const char *const values[] = {state_collector_id(state, collector_id)};
    PGresult *result;
    int error = database_query(
        state->database, "select sweep_id, generation, agent_id, message from natsweep.sweeps_to_cancel($1::bigint)", 1,
        values, &result);
    if (error)
        return error;
    for (int row = 0; row < PQntuples(result); row++) {
        struct sweep_key key = {.sweep_id = (uint64_t)row_number(result, row, "sweep_id"),
                                .generation = (uint32_t)row_number(result, row, "generation")};
        dispatch_cancel(state, row_number(result, row, "agent_id"), key, row_text(result, row, "message"));
        array_add_number(&told, (int64_t)key.sweep_id);
    }
    PQclear(result);
    error = told.elements > 0 ? note_told(state, &told) : DATABASE_OK;
    array_free(&told);
    return error;
}
