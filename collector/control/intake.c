#include "control/intake.h"

#include "base/log.h"
#include "control/enrolment.h"
#include "control/rekey.h"

#include <stdio.h>
#include <string.h>

#define GONE_MAX 100000 /* after so many departures without a database the oldest word is as good as none */

static void send_order(struct state *state, struct order *order)
{
    if (order && mailbox_send(state->config.gateway, order) != 0)
        order_free(order);
}

static void on_enroll(struct state *state, const struct notice *notice)
{
    struct enrolment_orders orders;
    int error = enrolment_answer(state->ready ? state->database : NULL, &state->directory, notice, &orders);
    if (error == DATABASE_AWAY)
        state->ready = false;
    else if (error)
        log_error("enrolment", notice->address, "%s", database_message(state->database));
    send_order(state, orders.key);
    send_order(state, orders.reply);
}

/* Takes the envelope. */
static void on_hello(struct state *state, struct notice *notice)
{
    struct agent *agent = agents_hello(state->agents, notice->agent_id, notice->envelope, notice->received_at_us);
    notice->envelope = NULL;
    if (!agent) {
        log_error("control", NULL, "out of memory: a hello is lost");
        return;
    }
    agent->by_next_key = notice->by_next_key;
    agent_note_address(agent, notice->address);
    state->hellos_wait = true;
}

static void add_event(struct state *state, enum event_kind kind, int64_t agent_id, struct sweep_key key,
                      const char *detail)
{
    events_add(&state->events, kind, agent_id, key, detail);
    state->events_wait = true;
}

static void on_refused(struct state *state, const struct agent *agent, const Natsweep__Refused *refused)
{
    char detail[EVENT_DETAIL_BYTES + WIRE_NAME_BYTES_MAX];
    snprintf(detail, sizeof(detail), "%s: %s", refused->code, refused->message);
    /* Nobody forbade it: it waited at the agent for longer than the order allowed. */
    enum event_kind kind = strcmp(refused->code, "expired") == 0 ? EVENT_EXPIRED : EVENT_REFUSED;
    add_event(state, kind, agent->agent_id, agent_current_key(agent, refused->key), detail);
}

static void on_answer(struct state *state, struct agent *agent, const Envelope *envelope)
{
    switch (envelope->body_case) {
    case NATSWEEP__ENVELOPE__BODY_HEARTBEAT: agent_note_spool(agent, envelope->heartbeat->spool); return;
    case NATSWEEP__ENVELOPE__BODY_PROGRESS: agent_note_progress(agent, envelope->progress); return;
    case NATSWEEP__ENVELOPE__BODY_NEW_KEY: rekey_answer(state, agent, envelope->new_key); return;
    case NATSWEEP__ENVELOPE__BODY_REFUSED: on_refused(state, agent, envelope->refused); return;
    case NATSWEEP__ENVELOPE__BODY_ACCEPTED:
        add_event(state, envelope->accepted->running ? EVENT_STARTED : EVENT_ACCEPTED, agent->agent_id,
                  agent_current_key(agent, envelope->accepted->key), NULL);
        return;
    default: return;
    }
}

static void on_message(struct state *state, struct notice *notice)
{
    if (notice->envelope->body_case == NATSWEEP__ENVELOPE__BODY_HELLO) {
        on_hello(state, notice);
        return;
    }
    struct agent *agent = agents_find(state->agents, notice->agent_id);
    if (!agent)
        return; /* it has gone, or its hello found no memory */
    agent->seen = true;
    on_answer(state, agent, notice->envelope);
}

static void on_gone(struct state *state, int64_t agent_id)
{
    struct agent *agent = agents_find(state->agents, agent_id);
    if (!agent)
        return;
    agents_remove(state->agents, agent);
    if (state->gone.elements < GONE_MAX)
        array_add_number(&state->gone, agent_id);
}

void intake(struct state *state, struct notice *notice)
{
    switch (notice->kind) {
    case NOTICE_MESSAGE: on_message(state, notice); break;
    case NOTICE_ENROLL: on_enroll(state, notice); break;
    case NOTICE_GONE: on_gone(state, notice->agent_id); break;
    case NOTICE_UNDELIVERED:
        add_event(state, EVENT_UNDELIVERED, notice->agent_id,
                  (struct sweep_key){.sweep_id = notice->sweep_id, .generation = notice->generation}, NULL);
        break;
    }
    notice_free(notice);
}

void intake_all(struct state *state, int budget)
{
    for (; budget > 0; budget--) {
        struct notice *notice = mailbox_receive(state->config.gateway);
        if (!notice)
            return;
        intake(state, notice);
    }
}
