/* Secrets that must not stand in a command line, where every user of the host can read them. */
#ifndef CLI_SECRET_H
#define CLI_SECRET_H

#include "base/attributes.h"

#define SECRET_BYTES_MAX 1024

/* The first line of a file that nobody else may read, or of standard input for "-". `what` names it in sentences.
 * Returns 0 or an exit code. */
int secret_read(const char *path, const char *what, char secret[SECRET_BYTES_MAX]) MUST_CHECK;

#endif
