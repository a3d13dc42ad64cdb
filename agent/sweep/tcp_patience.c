#include "sweep/tcp_patience.h"

#include "sweep/tcp_engine.h"

#define LATE_US 500000u     /* a server that needs more does one thing after the other, perhaps */
#define REFRESH_US 8000000u /* for the answer: of a server that shows no other sign of life */

void tcp_patience_take_delay(struct tcp_sweep *sweep, uint64_t now_us, uint64_t asked_us)
{
    if (now_us - asked_us > LATE_US)
        connects_wait_longer(&sweep->connects, now_us + CONNECT_TIMEOUT_US, sweep->plan->patience_us);
}

void tcp_patience_take_answer(struct tcp_sweep *sweep, uint64_t now_us)
{
    if (!sweep->refreshing || sweep->control.state != CONTROL_READY || turn_tcp_refreshing(sweep->control.turn))
        return;
    bool late = now_us - sweep->refresh_asked_us > LATE_US;
    sweep->refreshing = false;
    connects_proven(&sweep->connects, sweep->refresh_asked_us, late ? now_us + CONNECT_TIMEOUT_US : now_us);
}

bool tcp_patience_over(struct tcp_sweep *sweep, uint64_t now_us, struct pending_connect *pending)
{
    bool cut_short = pending->cut_short || now_us >= pending->first_due_us + sweep->plan->patience_us + REFRESH_US;
    if (pending->proven || cut_short) {
        pending->cut_short = cut_short;
        return true;
    }
    if (!sweep->refreshing) {
        turn_tcp_refresh(sweep->control.turn);
        sweep->refreshing = true;
        sweep->refresh_asked_us = now_us;
    }
    pending->due_us = now_us + REFRESH_US;
    pending->cut_short = true;
    return false;
}
