#include "control/rekey.h"

#include "base/log.h"
#include "control/row.h"
#include "proto/bytea.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void send_order(struct state *state, struct order *order)
{
    if (order && mailbox_send(state->config.gateway, order) != 0)
        order_free(order);
}

static void send_to(struct state *state, int64_t agent_id, Envelope *envelope)
{
    struct order *order = order_create(ORDER_SEND);
    if (order && wire_encode(envelope, &order->frame, &order->frame_bytes) != WIRE_OK) {
        order_free(order);
        return;
    }
    if (order)
        order->agent_id = agent_id;
    send_order(state, order);
}

void rekey_ask(struct state *state, const struct agent_key *keys, size_t count)
{
    Natsweep__ChangeKey change_key = NATSWEEP__CHANGE_KEY__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_CHANGE_KEY;
    envelope.change_key = &change_key;
    for (size_t i = 0; i < count; i++) {
        if (keys[i].new_key_wanted && !keys[i].is_next && agents_find(state->agents, keys[i].agent_id))
            send_to(state, keys[i].agent_id, &envelope);
    }
}

static void let_in(struct state *state, const struct agent *agent, const Natsweep__NewKey *new_key)
{
    struct order *order = order_create(ORDER_NEXT_KEY);
    if (!order)
        return;
    order->agent_id = agent->agent_id;
    memcpy(order->public_key, new_key->public_key.data, CURVE_KEY_BYTES);
    send_order(state, order);
}

static void confirm(struct state *state, const struct agent *agent, const Natsweep__NewKey *new_key)
{
    Natsweep__KeyChanged key_changed = NATSWEEP__KEY_CHANGED__INIT;
    Envelope envelope = NATSWEEP__ENVELOPE__INIT;
    key_changed.public_key = new_key->public_key;
    envelope.body_case = NATSWEEP__ENVELOPE__BODY_KEY_CHANGED;
    envelope.key_changed = &key_changed;
    send_to(state, agent->agent_id, &envelope);
}

void rekey_answer(struct state *state, struct agent *agent, const Natsweep__NewKey *new_key)
{
    char agent_id[STATE_NUMBER_BYTES], key[BYTEA_TEXT_BYTES(CURVE_KEY_BYTES)];
    if (!state->ready)
        return;
    snprintf(agent_id, sizeof(agent_id), "%" PRId64, agent->agent_id);
    bytea_format(new_key->public_key.data, CURVE_KEY_BYTES, key);
    const char *const values[] = {agent_id, key};
    PGresult *result = NULL;
    int error = database_query(state->database, "select natsweep.agent_new_key($1::bigint, $2::bytea) as taken", 2,
                               values, &result);
    if (error == DATABASE_AWAY)
        state->ready = false;
    if (!error && row_text(result, 0, "taken")[0] == 't') {
        let_in(state, agent, new_key);
        confirm(state, agent, new_key);
    } else {
        log_warning("control", agent->address, "agent %s offers a new key that is not taken", agent_id);
    }
    PQclear(result);
}

int rekey_used(struct state *state, const struct agent *agent)
{
    char agent_id[STATE_NUMBER_BYTES];
    snprintf(agent_id, sizeof(agent_id), "%" PRId64, agent->agent_id);
    const char *const values[] = {agent_id};
    PGresult *result = NULL;
    int error = database_query(state->database, "select natsweep.agent_key_used($1::bigint)", 1, values, &result);
    PQclear(result);
    return error;
}
