/* Run columns: lists of (value, length - 1), see columns.h. */
#ifndef PROTO_RUNS_H
#define PROTO_RUNS_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct run_writer {
    uint32_t *numbers; /* room for two a run */
    size_t count;      /* numbers in use */
};

/* Makes the last run one longer when it has the same value, else starts a run. */
void runs_add(struct run_writer *writer, uint32_t value);
/* Starts a run whatever the last one was. */
void runs_start(struct run_writer *writer, uint32_t value);
/* Makes the last run one longer. */
void runs_extend(struct run_writer *writer);

struct run_reader {
    const uint32_t *numbers;
    size_t count, at;
    uint32_t value;
    uint32_t left; /* elements of the current run still to come */
};

struct run_reader runs_reader(const uint32_t *numbers, size_t count);
/* The next element's value; false at the end. *first, unless NULL, tells whether a run begins here. */
bool runs_next(struct run_reader *reader, uint32_t *value, bool *first) MUST_CHECK;

/* Sum of all lengths, or -1 when a number is missing or the sum exceeds `limit`. */
int64_t runs_total(const uint32_t *numbers, size_t count, uint32_t limit) MUST_CHECK;

#endif
