/* The argument list of a program to run: an absolute path, then words. There is no shell and no quoting. */
#ifndef PBX_ARGUMENTS_H
#define PBX_ARGUMENTS_H

#include "base/attributes.h"

#include <stddef.h>

#define ARGUMENTS_MAX 64
#define ARGUMENTS_TEXT_BYTES 4096

struct arguments {
    char *argv[ARGUMENTS_MAX + 1]; /* points into `text`, and ends with NULL: not to be copied */
    size_t count;
    char text[ARGUMENTS_TEXT_BYTES];
    size_t used;
};

void arguments_clear(struct arguments *arguments);

/* Adds one word. Returns 0, or -E2BIG when there is no room. */
int arguments_add(struct arguments *arguments, const char *word) MUST_CHECK;

/* Adds the words of a line, which spaces and tabs separate. Errors as above. */
int arguments_split(struct arguments *arguments, const char *line) MUST_CHECK;

#endif
