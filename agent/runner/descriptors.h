/* File descriptors as a limit of what this process may hold open. */
#ifndef RUNNER_DESCRIPTORS_H
#define RUNNER_DESCRIPTORS_H

#include <stdint.h>

/* Raises the soft limit as far as it goes, and returns how many more descriptors may be opened with some to spare for
 * everything else: 1 at least, UINT32_MAX when there is no limit. */
uint32_t descriptors_room(void);

#endif
