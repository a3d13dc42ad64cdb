/* Signals as a descriptor, for programs that wait for much else beside them. */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include "base/attributes.h"

/* A signalfd (not blocking) that becomes readable at SIGTERM, SIGINT and `also` (0: no other). They are blocked in the
 * calling thread and those that it starts from then on, so call it before the first; SIGPIPE is ignored. Returns -1
 * with errno set. */
int signals_open(int also) MUST_CHECK;

/* The number of the next signal there; 0: none. */
int signals_next(int fd) MUST_CHECK;

#endif
