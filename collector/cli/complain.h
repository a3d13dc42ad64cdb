/* How the command speaks when it cannot go on: one sentence on stderr that says what is wrong and what to do. */
#ifndef CLI_COMPLAIN_H
#define CLI_COMPLAIN_H

#include "base/attributes.h"

/* The exit codes beside those of <sysexits.h>: what a sweep came to. */
#define EXIT_SUPPORTED 0
#define EXIT_NOT_SUPPORTED 1 /* partial, unsupported or inconclusive somewhere */
#define EXIT_NOT_RUN 2       /* nothing could be judged anywhere */
#define EXIT_CANCELLED 3

/* Prints "natsweep: SENTENCE" and returns `code`. */
int complain(int code, const char *format, ...) PRINTF_LIKE(2, 3);

/* Returns its argument, or ends the program when that is NULL: the command has nothing to clean up. */
void *must_have(void *memory);

#endif
