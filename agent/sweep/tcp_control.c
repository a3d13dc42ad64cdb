#include "sweep/tcp_control.h"

#include <errno.h>

#define TIMEOUT_US 8000000u /* for connection and allocation together: three SYNs and a handshake */
#define OPENINGS_MAX 3u     /* when the server drops it */

static void open_one(struct tcp_control *control, uint64_t now_us)
{
    control->state = CONTROL_OPENING;
    control->open_wanted = true;
    control->openings++;
    control->due_us = now_us + TIMEOUT_US;
}

void tcp_control_open(struct tcp_control *control, const struct address *server, uint64_t now_us)
{
    *control = (struct tcp_control){.server = *server};
    open_one(control, now_us);
}

bool tcp_control_open_again(struct tcp_control *control, uint64_t now_us)
{
    if (control->openings >= OPENINGS_MAX)
        return false;
    control->close_wanted = true;
    open_one(control, now_us);
    return true;
}

void tcp_control_open_anew(struct tcp_control *control, uint64_t now_us)
{
    control->openings = 1;
    control->close_wanted = true;
    open_one(control, now_us);
}

void tcp_control_close(struct tcp_control *control)
{
    if (control->state != CONTROL_CLOSED)
        control->close_wanted = true;
    control->open_wanted = false;
    control->state = CONTROL_CLOSED;
}

void tcp_control_free(struct tcp_control *control)
{
    turn_tcp_destroy(control->turn);
    control->turn = NULL;
}

int tcp_control_opened(struct tcp_control *control, const struct plan *plan)
{
    tcp_control_free(control);
    control->reached = true;
    control->state = CONTROL_ALLOCATING;
    control->turn = turn_tcp_create(plan->family, plan->user, plan->password, plan->seed + control->openings);
    return control->turn == NULL ? -ENOMEM : 0;
}

void tcp_control_allocated(struct tcp_control *control, const struct turn_event *event)
{
    control->relayed = event->address;
    control->own = event->mapped;
    control->state = CONTROL_READY;
}

bool tcp_control_never_allocated(const struct tcp_control *control)
{
    return control->state == CONTROL_ALLOCATING && control->openings == 1;
}

static bool being_made(const struct tcp_control *control)
{
    return control->state == CONTROL_OPENING || control->state == CONTROL_ALLOCATING;
}

bool tcp_control_overdue(const struct tcp_control *control, uint64_t now_us)
{
    return being_made(control) && now_us >= control->due_us;
}

static bool send_next(struct tcp_control *control, uint64_t now_us, struct tcp_action *action)
{
    if (control->state != CONTROL_ALLOCATING && control->state != CONTROL_READY)
        return false;
    action->kind = TCP_CONTROL_SEND;
    action->len = turn_tcp_output(control->turn, now_us, action->bytes);
    return action->len > 0;
}

bool tcp_control_next(struct tcp_control *control, uint64_t now_us, struct tcp_action *action)
{
    if (control->close_wanted) {
        control->close_wanted = false;
        action->kind = TCP_CONTROL_CLOSE;
        return true;
    }
    if (control->open_wanted) {
        control->open_wanted = false;
        *action = (struct tcp_action){.kind = TCP_CONTROL_OPEN, .address = control->server};
        return true;
    }
    return send_next(control, now_us, action);
}

uint64_t tcp_control_wake_us(const struct tcp_control *control)
{
    if (being_made(control))
        return control->due_us;
    return control->state == CONTROL_READY ? turn_tcp_wake_us(control->turn) : UINT64_MAX;
}
