/* Before failures are reported: some of them are looked at once more, slowly. A ban of strangers that spares old
 * connections, or a limit on how many may come in a second, shows in no proof and in no sentinel. But after a quiet
 * moment what was only limited passes, and behind a NAT that lets in nobody else the server's first address still gets
 * in by another port when only the second one is banned. Then no failure is believed. */
#ifndef SWEEP_SECOND_LOOK_H
#define SWEEP_SECOND_LOOK_H

#include "base/attributes.h"
#include "sweep/engine.h"

/* Every failure is settled. */
void second_look_begin(struct sweep *sweep, uint64_t now_us);
bool second_look_start(struct sweep *sweep, uint64_t now_us, struct sweep_action *action) MUST_CHECK;
enum port_event second_look_opened(const struct sweep *sweep);
void second_look_answered(struct sweep *sweep, const struct answer *answer);
/* No port is looked at any more: doubts every failure when one of them was none. */
void second_look_conclude(struct sweep *sweep);
bool second_look_over(const struct sweep *sweep);
uint64_t second_look_wake_us(const struct sweep *sweep); /* UINT64_MAX: not waiting */

#endif
