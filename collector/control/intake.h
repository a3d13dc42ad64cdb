/* Notices of the gateway become state, without the database: that hears of it when it can. */
#ifndef CONTROL_INTAKE_H
#define CONTROL_INTAKE_H

#include "control/state.h"
#include "exchange/notice.h"

/* Takes the notice. */
void intake(struct state *state, struct notice *notice);

/* Takes at most `budget` notices from the gateway's mailbox. */
void intake_all(struct state *state, int budget);

#endif
