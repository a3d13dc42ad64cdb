/* Ports as an int4multirange in binary (pure). */
#ifndef STORE_MULTIRANGE_H
#define STORE_MULTIRANGE_H

#include "proto/port_result.h"
#include "store/pg_binary.h"

#include <stddef.h>

/* Writes the value, with its length, of `count` ascending ports. */
void multirange_write(struct pg_binary *out, const struct port_result *const *ports, size_t count);

#endif
