/* Asks the probes of qualification.h: their endpoints, their turns, and the consent that is asked for once a second. */
#ifndef SWEEP_PROBING_H
#define SWEEP_PROBING_H

#include "base/attributes.h"
#include "sweep/engine.h"

/* Asks the probes whose turn it is; true when an endpoint has to be opened first and `action` says so. */
bool probing_ask(struct sweep *sweep, struct sweep_action *action) MUST_CHECK;
void probing_opened(struct sweep *sweep, const struct address *local);
void probing_not_opened(struct sweep *sweep, uint64_t now_us);
void probing_answered(struct sweep *sweep, enum probe probe, const struct answer *answer, uint64_t now_us);

/* Asks for consent again when it is time. */
void probing_renew_consent(struct sweep *sweep, uint64_t now_us);

void probing_close(struct sweep *sweep, enum role role);
void probing_close_all(struct sweep *sweep);

#endif
