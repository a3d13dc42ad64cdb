/* What is done when the server does not answer ephemeral ports: the site may let out the PBX's ports only. Some ports
 * of the plan, the scouts, try a Test 1. The first that is answered stands in for the ephemeral ports: it is tested
 * itself, and from then on asks for Test 3 and for the rounds that prove the second address, so it is never tested
 * again. */
#ifndef SWEEP_SCOUTING_H
#define SWEEP_SCOUTING_H

#include "base/attributes.h"
#include "sweep/engine.h"

void scouting_begin(struct sweep *sweep, uint64_t now_us);
/* Starts the next scout, or the test of the stand-in; false when none may start now. `action` opens its endpoint,
 * unless that is open: then its kind stays SWEEP_WAIT. */
bool scouting_start(struct sweep *sweep, uint64_t now_us, struct sweep_action *action) MUST_CHECK;
void scouting_answered(struct sweep *sweep, const struct slot *scout, const struct answer *answer);
bool scouting_over(const struct sweep *sweep);
/* They are over: asks from ephemeral ports once more, or gives the server up. */
void scouting_conclude(struct sweep *sweep, uint64_t now_us);
/* Ephemeral ports stayed silent though a scout was answered: asks from its port. */
void scouting_stand_in(struct sweep *sweep);
/* The stand-in's own tests are over. */
void scouting_tested(struct sweep *sweep, uint32_t index);
/* The round after them is over: believes the stand-in's failure, or suspects it like any other. */
void scouting_settle(struct sweep *sweep, uint64_t now_us);
/* When the next scout may start; UINT64_MAX: none will. */
uint64_t scouting_wake_us(const struct sweep *sweep);

#endif
