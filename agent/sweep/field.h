/* The ports under test: each has a slot while port_test.h takes it through its tests. */
#ifndef SWEEP_FIELD_H
#define SWEEP_FIELD_H

#include "base/attributes.h"
#include "sweep/engine.h"

/* Starts the next port, or the sentinel; false when none may start now. `action` opens its endpoint. */
bool field_start(struct sweep *sweep, uint64_t now_us, struct sweep_action *action) MUST_CHECK;
bool field_start_sentinel(struct sweep *sweep, uint64_t now_us, struct sweep_action *action) MUST_CHECK;
/* Starts a port out of turn. `action` opens its endpoint, unless it is the stand-in's, which is open. */
void field_start_at(struct sweep *sweep, uint32_t index, enum errand errand, uint64_t now_us,
                    struct sweep_action *action);
/* The port that serves as the next sentinel, or ROSTER_NOBODY. */
uint32_t field_sentinel(const struct sweep *sweep);
/* Whether a port waits for nothing but the pace. */
bool field_waits_for_pace(const struct sweep *sweep);

struct slot *field_slot(struct sweep *sweep, uint32_t endpoint); /* NULL: no port under test */
void field_opened(struct sweep *sweep, struct slot *slot, uint64_t now_us);
void field_not_opened(struct sweep *sweep, struct slot *slot, int error, const struct port_owner *owner,
                      uint64_t now_us);
void field_answered(struct sweep *sweep, struct slot *slot, const struct answer *answer, uint64_t now_us);

/* Nothing is known of the port; should it stay so, `reason` says why. */
void field_forget(struct sweep *sweep, uint32_t index, enum reason reason);
/* Its failure is not believed, and not tested again. */
void field_doubt(struct sweep *sweep, uint32_t index, enum reason reason);
/* Gives a tested port back to be tested again; should that never happen, it is in doubt for `reason`. */
void field_put_back(struct sweep *sweep, uint32_t index, enum reason reason);
/* Takes back all that is not settled: ports under test, and failures that are not believed yet. */
void field_take_back(struct sweep *sweep, enum reason reason);
/* Gives back the ports that the server in use answered with errors or nonsense; returns how many. */
uint32_t field_put_back_misheard(struct sweep *sweep);
/* Tests no more ports: those that are left are in doubt for `reason`. */
void field_leave_untested(struct sweep *sweep, enum reason reason);

bool field_all_out(const struct sweep *sweep); /* every port is tested */

#endif
