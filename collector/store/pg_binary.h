/* Values in PostgreSQL's binary format, written one after the other into a buffer that grows: what array_recv,
 * record_recv and the types' own receive functions read. Running out of memory is remembered and told by `failed`, so
 * that callers check once. Every value carries its length; as a column of a record also its type. */
#ifndef STORE_PG_BINARY_H
#define STORE_PG_BINARY_H

#include "base/address.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Types of pg_type.dat: their numbers never change. */
enum pg_type {
    PG_BOOL = 16,
    PG_BYTEA = 17,
    PG_INT8 = 20,
    PG_INT2 = 21,
    PG_INT4 = 23,
    PG_TEXT = 25,
    PG_INET = 869,
    PG_INT2_ARRAY = 1005,
    PG_INT4_ARRAY = 1007,
    PG_TEXT_ARRAY = 1009,
    PG_INET_ARRAY = 1041,
    PG_JSONB = 3802,
    PG_INT4MULTIRANGE = 4451
};

/* All zero is an empty buffer. */
struct pg_binary {
    uint8_t *bytes;
    size_t len, capacity;
    bool failed;
};

void pg_binary_free(struct pg_binary *out); /* and makes it empty again */

/* A value of unknown length: what is written between open and close. Open returns what close wants. */
size_t pg_open(struct pg_binary *out);
void pg_close(struct pg_binary *out, size_t opened);

/* A one-dimensional array; the elements follow, each with its length. Without a length of its own: as a parameter. */
void pg_array(struct pg_binary *out, uint32_t element_type, size_t count);
/* Changes the count of an array whose header begins at `start`, once it is known. */
void pg_array_count(struct pg_binary *out, size_t start, size_t count);

void pg_record(struct pg_binary *out, size_t columns); /* header; the columns follow, each begun with pg_column */
void pg_column(struct pg_binary *out, uint32_t type);

void pg_null(struct pg_binary *out);
void pg_bool(struct pg_binary *out, bool value);
void pg_int2(struct pg_binary *out, int value);
void pg_int4(struct pg_binary *out, int32_t value);
void pg_int8(struct pg_binary *out, int64_t value);
void pg_text(struct pg_binary *out, const char *text);
void pg_inet(struct pg_binary *out, const struct address *address); /* null when unknown */

/* Pieces of a value between pg_open and pg_close. */
void pg_bytes(struct pg_binary *out, const void *bytes, size_t len);
void pg_raw4(struct pg_binary *out, uint32_t value);
void pg_json_string(struct pg_binary *out, const char *text); /* quoted and escaped; `text` is clean (text.h) */

#endif
