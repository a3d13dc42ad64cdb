/* One line on a terminal that is written over and over. */
#ifndef AGENT_PROGRESS_LINE_H
#define AGENT_PROGRESS_LINE_H

#include "sweep/sweep.h"

#include <stdio.h>

/* `out` is a FILE *: fits runner_hooks. */
void progress_line_show(void *out, const struct sweep_progress *progress);
void progress_line_clear(FILE *out);

#endif
