/* Runs other programs: an argument list, no shell, nothing inherited but what is given. */
#ifndef PBX_PROCESS_H
#define PBX_PROCESS_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PROCESS_SAID_BYTES 256

enum process_how { PROCESS_EXITED, PROCESS_KILLED, PROCESS_TIMED_OUT, PROCESS_INTERRUPTED };

struct process_end {
    enum process_how how;
    int exit_code;                 /* when it exited; of the signal when it was killed by one */
    char said[PROCESS_SAID_BYTES]; /* the first line it printed, for the log */
};

struct process_limits {
    uint32_t timeout_ms;
    int interrupt_fd; /* readable: end it at once; -1 = nothing does */
    bool with_group;  /* what it started ends with it when it is cut short */
};

/* Starts a program in a session of its own, with no signal blocked or ignored, `input_fd` as its standard input,
 * nothing to print to but the standard error of this process, and no other descriptor. Safe in a process with threads.
 * Returns 0 or -errno. */
int process_start(char *const argv[], int input_fd, pid_t *pid) MUST_CHECK;

/* Runs a program to its end or a limit, with a fixed environment and its output caught. Returns 0 with how it ended, or
 * -errno when it could not be started. */
int process_run(char *const argv[], const struct process_limits *limits, struct process_end *end) MUST_CHECK;

#endif
