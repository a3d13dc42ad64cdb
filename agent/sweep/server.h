/* Which server is used: each of the plan is qualified, the best one sweeps, and another takes over when it fails. */
#ifndef SWEEP_SERVER_H
#define SWEEP_SERVER_H

#include "base/attributes.h"
#include "sweep/engine.h"

/* Starts anew with a server of the plan. */
void server_begin(struct sweep *sweep, size_t server);
/* Its first round of probes is over: use it, try ports, or go on with another one. */
void server_qualified(struct sweep *sweep, uint64_t now_us);
/* It failed: takes back what is not settled and goes on with another one; with none left the sweep ends as `otherwise`.
 */
void server_give_up(struct sweep *sweep, enum sweep_end otherwise, uint64_t now_us);

/* It answered ports with errors or nonsense, and another one is left: goes on with that. */
bool server_fail_over(struct sweep *sweep, uint64_t now_us);

bool server_second_possible(const struct sweep *sweep); /* Test 2 may work */
bool server_t3_possible(const struct sweep *sweep);     /* Test 3 may work */

/* Keeps what judges the ports that were tested with the server in use, and what the report tells of it. */
void server_note(struct sweep *sweep);

#endif
