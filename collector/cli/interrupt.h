/* Ctrl-C as an answer to a wait instead of a death: blocked first, then taken between two looks at the database. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdbool.h>

/* Blocks SIGINT and SIGTERM, so that none gets lost between two waits. */
void interrupt_prepare(void);

/* Sleeps, but not through a signal: true when there was one. */
bool interrupted_within(long milliseconds);

#endif
