/* PostgreSQL array literals ("{1,2,NULL}"), built piece by piece for text parameters. Running out of memory is
 * remembered and told by array_finish, so that callers check once. */
#ifndef DATABASE_ARRAY_H
#define DATABASE_ARRAY_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is an empty array. */
struct array {
    char *text;
    size_t len, capacity, elements;
    bool failed;
};

void array_add_number(struct array *array, int64_t number);
void array_add_text(struct array *array, const char *text); /* quoted and escaped; NULL becomes SQL null */

/* Closes the brace. Returns the literal, owned by the array, or NULL when memory was short. */
const char *array_finish(struct array *array) MUST_CHECK;
void array_reopen(struct array *array); /* after array_finish: to add more */
void array_free(struct array *array);   /* and makes it empty again */

/* Reads a one-dimensional literal of numbers ("{5,NULL,7}", null as 0) as PostgreSQL prints it. Returns how many there
 * are, or -EINVAL when it is none, holds a number outside 64 bits, or more than `capacity`. */
int array_read_numbers(const char *literal, int64_t *out, size_t capacity) MUST_CHECK;

/* Reads element after element of a one-dimensional text literal. `cursor` starts as the literal and moves on; the
 * element is unescaped into `out`. Returns 1, 0 at the end, or -EINVAL when malformed or longer than `capacity` - 1. */
int array_next_text(const char **cursor, char *out, size_t capacity) MUST_CHECK;

#endif
