/* Waits for a request: progress on stderr, Ctrl-C cancels it, the summary at the end. */
#ifndef CLI_SWEEP_WAIT_H
#define CLI_SWEEP_WAIT_H

#include "cli/command.h"

/* How the sweeps of a request ended. */
struct sweep_counts {
    long sites, no_agent;
    long supported, partial, unsupported, inconclusive; /* judged */
    long cancelled;
};

/* After interrupt_prepare(), which belongs before the request. Returns when all sweeps have ended: the exit code of the
 * outcome, or of the failure. */
int sweep_wait(struct cli *cli, const char *request) MUST_CHECK;

/* EXIT_SUPPORTED when every site that matched is; see complain.h. */
int sweep_exit_code(const struct sweep_counts *counts);

#endif
